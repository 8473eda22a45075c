"""Any filtered list of interactions as a panel, by its name."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reports.panels.catalogue import panel


def cells(content):
    return [[cell.words for cell in row] for row in content.table.rows]


def test_the_latest_that_pass_are_listed_and_lead_to_their_traces(ask, answer):
    ask("Too slow?", 5, model="m1", is_error=True, latency_ms=9_000.0, cost_usd="0.5")
    ask("Fine", 6, model="m1")
    ask("Older", 7, model="m1", is_error=True)
    ask("Another model", 8, model="m2", is_error=True)
    ask("Long ago", 3 * 24 * 60, model="m1", is_error=True)
    content = answer("interactions:status=error&model=m1")
    assert cells(content) == [
        ["2 Mar 11:55:00", "Too slow?", "m1", "9.00 s", "$0.5000"],
        ["2 Mar 11:53:00", "Older", "m1", "–", "–"],
    ]
    assert content.table.rows[0][0].link.page == "trace"
    assert content.link.query == {"model": "m1", "status": "error"}
    assert content.table.more == ""


def test_it_is_narrowed_by_the_page_and_says_where_they_differ(ask, answer):
    ask("One", 5, model="m1", is_error=True)
    assert cells(answer("interactions:status=error", model="m1"))[0][1] == "One"
    assert answer("interactions:model=m2", model="m1").reason == "The page shows the model m1, this list m2."
    assert answer("interactions:q=nothing").reason == "No interaction of this time passes these filters."


def test_there_are_more_than_are_shown(ask, answer):
    for minutes in range(1, 13):
        ask("q", minutes)
    content = answer("interactions:")
    assert len(content.table.rows) == 10
    assert content.table.more == "The latest 10; there are more."


def test_the_same_filters_have_one_name_and_title():
    one = panel("interactions:status=error&q=a+b&model=<m>")
    assert one.name == "interactions:model=%3Cm%3E&q=a+b&status=error"
    assert one.title == "Latest interactions: model <m>, “a b”, status error"
    assert panel(one.name).name == one.name


@pytest.mark.parametrize(
    "text", ["nope=1", "since=2026-01-01", "status=nope", "model=a%00b", "min_latency_ms=x", f"q={'x' * 501}", "limit=5"]
)
def test_what_is_no_filter_is_no_panel(text):
    with pytest.raises(KeyError):
        panel(f"interactions:{text}")


def test_many_interactions_cost_as_many_queries_as_few(ask, answer):
    def queries():
        answer("interactions:status=error")
        with CaptureQueriesContext(connection) as asked:
            answer("interactions:status=error")
        return len(asked)

    for minutes in range(1, 4):
        ask("q", minutes, is_error=True)
    few = queries()
    for minutes in range(1, 300):
        ask("q", minutes, is_error=True)
    assert queries() == few


def test_the_list_leads_to_a_board_with_itself_on_it(ask, shop, admin_client):
    ask("q")
    page = admin_client.get("/admin/interactions/interaction/", {"project": "shop", "status": "error", "range": "24h"})
    (link,) = re.findall(r'href="(/admin/reports/board/compose/[^"]*)"', page.content.decode())
    assert "Latest interactions: status error" in admin_client.get(unescape(link)).content.decode()
