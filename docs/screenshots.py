"""Takes the screenshots of the documentation: `python docs/screenshots.py URL PASSWORD` of a running demo.

Each page is taken in the light and the width that its row below says. Needs playwright and Debian's Chromium.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DRAWN = """() => [...document.querySelectorAll("figure.chart:has(script)")].every(
  (one) => "drawn" in one.dataset || one.getBoundingClientRect().top > innerHeight + 300)"""


def first_row(page: Page) -> None:
    page.locator("table a.cover").first.click()


class Shot(NamedTuple):
    """A page of the admin, and what is done there before it is taken."""

    name: str
    path: str
    do: Callable[[Page], None] | None = None
    looks: str = "light"  # words of: light, dark, narrow


SHOTS = (
    Shot("overview", "", looks="light dark narrow"),
    Shot("live", "live/", lambda page: page.wait_for_timeout(4_000), looks="light dark narrow"),
    Shot("interactions", "interactions/interaction/?range=7d", looks="light dark narrow"),
    Shot("trace", "interactions/interaction/?q=the", first_row, looks="light dark narrow"),
    Shot("session", "interactions/interaction/sessions/", first_row, looks="light narrow"),
    Shot("users", "interactions/interaction/users/?range=30d"),
    Shot("user", "interactions/interaction/users/?range=30d", first_row),
    Shot("cost", "reports/board/view/?name=cost&range=30d", looks="light dark"),
    Shot("feedback", "reports/board/view/?name=feedback&range=30d", looks="light dark narrow"),
    Shot("quality", "reports/board/view/?name=quality&range=30d", looks="light dark narrow"),
    Shot("scores", "feedback/score/?range=7d"),
    Shot("evaluators", "feedback/evaluatorsetting/"),
    Shot("review", "feedback/reviewitem/"),
    Shot("calibration", "feedback/reviewitem/calibration/?range=30d"),
    Shot("judge", "feedback/judge/"),
    Shot("resources", "reports/board/view/?name=resources", looks="light dark"),
    Shot("boards", "reports/board/"),
    Shot("compose", "reports/board/compose/"),
    Shot("prices", "interactions/price/"),
    Shot("metrics", "metrics/series/"),
    Shot("health", "interactions/ingestoutcome/"),
    Shot("api", "../api/"),
)


def main(url: str, password: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        for look, size, scheme in (("light", WIDE, "light"), ("dark", WIDE, "dark"), ("narrow", NARROW, "dark")):
            take_all(browser, url, password, look, size, scheme)
        browser.close()


def take_all(browser: Browser, url: str, password: str, look: str, size: dict[str, int], scheme: str) -> None:
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    log_in(page, url, password)
    for shot in SHOTS:
        if look in shot.looks.split():
            page.goto(f"{url}/admin/{shot.path}", wait_until="load")
            if shot.do:
                shot.do(page)
                page.wait_for_load_state()
            page.wait_for_function(DRAWN)
            suffix = "" if look == "light" else f"-{look}"
            page.screenshot(path=FOLDER / f"{shot.name}{suffix}.png")
    context.close()


def log_in(page: Page, url: str, password: str) -> None:
    page.goto(f"{url}/admin/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "login" not in address)


if __name__ == "__main__":
    main(*sys.argv[1:])
