"""Takes the screenshots of the README from a running Observatory with demo data: `python docs/screenshots.py URL PASSWORD`.

Needs playwright and Debian's Chromium.
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).parent / "screenshots"
SIZE = {"width": 1280, "height": 800}
LISTS = {
    "interactions": "interactions/interaction/",
    "health": "interactions/ingestoutcome/",
}


def main(url: str, password: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, color_scheme="light")
        log_in(page, url, password)
        for name, path in LISTS.items():
            page.goto(f"{url}/admin/{path}")
            take(page, name)
        page.goto(f"{url}/admin/{LISTS['interactions']}?q=the")
        page.locator("table a.cover").first.click()
        take(page, "trace")
        page.goto(f"{url}/admin/")
        page.get_by_role("link", name="Sessions").click()
        page.locator("table a.cover").first.click()
        take(page, "session")
        page.goto(f"{url}/api/")
        take(page, "api")
        browser.close()


def log_in(page: Page, url: str, password: str) -> None:
    page.goto(f"{url}/admin/")
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_selector("nav.nav")


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(*sys.argv[1:])
