"""The live page in a browser: what is sent is there within seconds, a pause holds it, and hostile questions stay text."""

import itertools

import pytest
from django.test import Client

from tests.trust.markup import PAYLOADS

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("site")]
numbers = itertools.count(1)
HOSTILE = PAYLOADS[15]  # an image whose fault handler would run


def ask(team, question):
    """Send an interaction, as an application does, and digest it."""
    from interactions.digest.run import digest_until_empty

    body = {"query": question, "answer": "a", "model": "gpt-4o", "latency_ms": 900, "session_id": f"s{next(numbers)}"}
    headers = {"authorization": f"Bearer {team.keys['ingest']}", "host": "testserver"}
    assert Client(headers=headers).post("/api/v1/interactions", body, content_type="application/json").status_code == 201
    digest_until_empty()


@pytest.fixture
def live(site, page):
    page.goto(site.admin("live/"))
    page.wait_for_selector("[data-live][data-state=live]")
    return page


def test_what_is_sent_appears_without_a_reload(live, team):
    ask(team, "Where does my parcel stay?")
    row = live.locator("[data-live-newest] tr", has_text="Where does my parcel stay?")
    row.wait_for()
    row.get_by_role("link").click()
    live.wait_for_url(lambda url: "/trace/" in url or "/change/" in url)
    assert "Where does my parcel stay?" in live.get_by_role("heading", level=1).inner_text()


def test_a_pause_holds_the_page_and_going_on_brings_what_came_meanwhile(live, team):
    live.get_by_role("button", name="Pause").click()
    live.wait_for_selector("[data-live][data-state=paused]")
    ask(team, "Came while the page was held")
    ask(team, HOSTILE)
    assert not live.get_by_text("Came while the page was held").count()
    live.locator("[data-live-pause]").click()
    live.get_by_text("Came while the page was held").wait_for()
    live.locator("[data-live-newest] tr", has_text=HOSTILE).wait_for()


def test_a_pause_holds_while_an_answer_is_on_its_way(site, page):
    held = []
    no_stream = {"content_type": "text/event-stream", "body": "event: poll\ndata: {}\n\n"}
    page.route("**/live/stream/*", lambda route: route.fulfill(**no_stream))
    page.route("**/live/snapshot/*", lambda route: held.append(route))
    with page.expect_request("**/live/snapshot/*"):
        page.goto(site.admin("live/"))
    page.get_by_role("button", name="Pause").click()
    with page.expect_response("**/live/snapshot/*"):
        held[0].continue_()
    page.wait_for_load_state("networkidle")
    assert page.locator("[data-live]").get_attribute("data-state") == "paused"


def test_an_overview_that_is_paused_shows_no_answer_that_was_on_its_way(site, page):
    page.goto(site.admin(query="project=ours&range=1h"))
    bar = page.locator("[data-refresh]")
    bar.get_by_role("button", name="Pause").click()
    held = []
    page.route("**/admin/?*", lambda route: held.append(route))
    with page.expect_request("**/admin/?*"):
        bar.get_by_role("button", name="Go on").click()
    bar.get_by_role("button", name="Pause").click()
    with page.expect_response("**/admin/?*"):
        held[0].continue_()
    page.wait_for_load_state("networkidle")
    assert bar.locator("[data-refresh-when]").inner_text().startswith("Paused at")
