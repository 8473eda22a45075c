"""The overview by mouse and by keyboard, and how it renews itself without getting in the way."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.usefixtures("demo")]
DRAWN = "document.querySelector('#panel-requests figure.chart')?.dataset.drawn !== undefined"
HOVER = ".chart-hover"


@pytest.fixture
def overview(site, page):
    page.goto(site.admin(), timeout=60_000)  # the first one makes the bundle of Vega
    page.locator("#panel-requests").scroll_into_view_if_needed()
    page.wait_for_function(DRAWN, timeout=60_000)
    return page


def tallest(page):
    """The highest column of the first chart."""
    columns = page.locator("#panel-requests .chart-box .mark-rect path").all()
    return max(columns, key=lambda one: one.bounding_box()["height"])


def test_a_mark_says_itself_under_the_pointer_and_no_longer(overview):
    tallest(overview).hover()
    hover = overview.locator(HOVER)
    hover.filter(has_text=re.compile(r"UTC\s*(ok|error): \d+\s*n = \d+")).wait_for()
    overview.get_by_role("heading", level=1).hover()
    hover.wait_for(state="hidden")


def test_a_mark_leads_to_its_interactions(overview):
    tallest(overview).click()
    overview.wait_for_url(re.compile("/admin/interactions/interaction/.*since="))
    assert overview.locator("main table tbody tr").count() > 0


def test_a_chart_is_a_table_for_the_keyboard(overview):
    overview.locator("#panel-requests .chart-table summary").focus()
    overview.keyboard.press("Enter")
    overview.locator("#panel-requests .chart-table tbody tr").first.wait_for()  # made when the browser says that it is open
    heads = overview.locator("#panel-requests .chart-table th").all_inner_texts()
    assert heads == ["Time", "Series", "Value", "n"]
    assert overview.locator("#panel-requests .chart-table tbody tr").count() > 3


def test_a_renewed_page_keeps_focus_scroll_and_open_tables(overview):
    summary = overview.locator("#panel-requests .chart-table summary")
    summary.click()
    pause = overview.get_by_role("button", name="Pause")
    pause.click()
    overview.get_by_text("Paused at").wait_for()
    overview.evaluate("document.querySelector('#panel-requests').dataset.old = 'yes'")
    summary.focus()
    before = overview.evaluate("scrollY")
    with overview.expect_response(re.compile("/admin/")):
        overview.evaluate("document.querySelector('[data-refresh] button').click()")
    overview.get_by_text("Updated").wait_for()
    assert overview.evaluate("document.activeElement.textContent") == "Table"
    assert overview.evaluate("scrollY") == before
    assert overview.locator("#panel-requests .chart-table[open] tbody tr").count() > 3
    overview.locator("#panel-requests .chart-box svg").first.wait_for()
    assert overview.locator("#panel-requests .chart-box svg").count() == 1


def test_a_tile_leads_to_its_facts(overview):
    overview.locator(".tile", has_text="Error rate").click()
    overview.wait_for_url(re.compile("status=error"))
