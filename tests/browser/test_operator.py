"""What an operator does: logs in, clicks from a number down to one trace, and does it all without a mouse."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from interactions.digest.run import digest_until_empty
from observatory.metrics.rollup.run import roll_up
from tests.browser.conftest import PASSWORD
from tests.browser.watch import Watch

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]
FOCUSED = """() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  const style = getComputedStyle(one);
  // The button inside of a field of time has a ring of its own, which no script sees.
  const hasRing = one.type === "datetime-local" || style.boxShadow !== "none"
    || style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return { tag: one.tagName, text: one.innerText?.trim() || one.id || one.name, href: one.getAttribute("href"), hasRing,
           isShown: box.width > 0 && box.height > 0 };
}"""


@pytest.fixture(scope="module", autouse=True)
def failed(demo, team) -> None:
    """An interaction that failed two hours ago: of the demo's, none may have."""
    asked_at = (timezone.now() - timedelta(hours=2)).isoformat()
    body = {"query": "Why?", "status": "error", "error": {"type": "Timeout", "message": "No answer."}, "asked_at": asked_at}
    answer = Client().post("/api/v1/interactions", body, content_type="application/json", **team.headers("ingest"))
    assert answer.status_code == 201
    digest_until_empty()
    roll_up(now=timezone.now())


@pytest.fixture
def stranger(site, browser):
    """A page of somebody who has not logged in yet."""
    context = browser.new_context()
    context.set_default_timeout(60_000)
    watch = Watch(context, site.url)
    yield context.new_page()
    context.close()
    assert watch.found == []


def test_the_first_login_leads_to_the_page_that_was_asked_for(site, stranger):
    stranger.goto(site.admin("interactions/interaction/"))
    assert "/admin/login/" in stranger.url
    stranger.get_by_label("User name").fill("root")
    stranger.get_by_label("Password").fill(PASSWORD)
    stranger.get_by_role("button", name="Log in").click()
    stranger.wait_for_url(re.compile("/admin/interactions/interaction/"))
    assert stranger.get_by_role("navigation", name="Main").is_visible()
    assert stranger.get_by_role("heading", level=1).inner_text() == "Interactions"
    session = next(one for one in stranger.context.cookies() if one["name"] == "sessionid")
    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"


def test_a_wrong_password_says_so_and_keeps_the_name(site, stranger):
    stranger.goto(f"{site.url}/admin/")
    stranger.get_by_label("User name").fill("root")
    stranger.get_by_label("Password").fill("wrong")
    stranger.keyboard.press("Enter")
    assert "correct username and password" in stranger.get_by_role("alert").inner_text()
    assert stranger.get_by_label("User name").input_value() == "root"


def test_from_a_tile_of_the_overview_down_to_a_trace(site, page):
    page.goto(site.admin())
    tile = page.locator("a.tile").filter(has_text=re.compile("error", re.I)).first
    shown = tile.locator(".tile-value").inner_text()
    tile.click()
    page.wait_for_url(re.compile("/admin/interactions/interaction/"))
    assert "status=error" in page.url
    assert shown
    page.locator("table a.cover").first.click()
    page.wait_for_url(re.compile("/change/|/trace/"))
    page.locator("main .badge.bad").first.wait_for()
    assert "project=ours" in page.get_by_role("navigation", name="Main").get_by_role("link").first.get_attribute("href")


def test_the_way_to_a_trace_without_a_mouse(site, page):
    page.goto(site.admin("interactions/interaction/"))
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED)["text"] == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    seen = tab_until(page, "/change/")
    assert [one["text"] for one in seen if not (one["hasRing"] and one["isShown"])] == []
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/change/"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert tab_until(page, "interaction/session/")  # and on from there


def test_the_navigation_opens_on_a_phone_by_keyboard_and_closes(site, page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site.admin())
    button = page.get_by_role("button", name="Navigation")
    button.focus()
    page.keyboard.press("Enter")
    link = page.get_by_role("navigation", name="Main").get_by_role("link", name="Interactions")
    link.wait_for()
    page.keyboard.press("Escape")
    link.wait_for(state="hidden")


def tab_until(page, part, most=150):
    """Press Tab until a link that has `part` in its address has the focus; returns what had it on the way."""
    seen = []
    for _ in range(most):
        seen.append(page.evaluate(FOCUSED))
        if part in (seen[-1]["href"] or ""):
            return seen
        page.keyboard.press("Tab")
    raise AssertionError(f"no link to {part} after {most} steps: {[one['text'][:20] for one in seen]}")
