"""The first page: the board of the chosen project, or what is to be done first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from observatory.projects.models import Project
from observatory.projects.own import own_project
from reports.boards import OVERVIEW
from tests.pages import inline_code

HOSTILE = '"><script>alert(1)</script>'
DAY = {"since": "2026-03-01T10:02:00Z", "until": "2026-03-02T10:02:00Z"}


@pytest.fixture
def page(admin_client, shop):
    def open_page(**query):
        answer = admin_client.get("/admin/", {"project": "shop", **query})
        assert answer.status_code == 200
        return answer.content.decode()

    return open_page


def test_a_project_with_data_shows_every_panel(keep, interaction, page):
    keep(interactions=[interaction()])
    text = page()
    assert [name for name in OVERVIEW.panels if f'id="panel-{name}"' not in text] == []
    assert inline_code(text) == []
    assert "data-refresh hidden" in text


def test_an_exact_time_does_not_move_and_is_not_renewed(keep, interaction, page):
    keep(interactions=[interaction()])
    assert "data-refresh" not in page(**DAY)


def test_a_time_that_is_none_is_named(keep, interaction, page):
    keep(interactions=[interaction()])
    assert 'role="alert"' in page(since="nonsense")


def test_a_project_without_data_shows_how_to_send_the_first(page):
    text = page()
    assert "waits for its first interaction" in text
    assert "panel-state" not in text


def test_every_project_is_listed_with_its_day(keep, interaction, page):
    Project.objects.create(slug="bank", name="Bank")
    keep(interactions=[interaction(0.01, status="error")])
    text = page()
    assert "All projects" in text
    assert "?project=bank" in text
    assert 'class="badge bad"' in text


def test_observatory_itself_has_a_board_too(page):
    own_project()
    assert "panel-state" in page(project="observatory")


def test_what_was_observed_is_never_markup(keep, interaction, page):
    keep(interactions=[interaction(model=HOSTILE, query=HOSTILE, status="error", error={"type": HOSTILE}, cost_usd="1")])
    text = page(model=HOSTILE, environment=HOSTILE)
    assert "<script>alert" not in text
    assert inline_code(text) == []


def test_what_the_page_is_narrowed_by_is_selected(keep, interaction, page):
    keep(interactions=[interaction(model="m1", environment="m2"), interaction(model="m2", environment="m1")])
    text = page(model="m2")
    assert text.count(" selected>") == 1
    assert '<option value="m2" selected>' in text.split('id="only-model"')[1].split("</select>")[0]


def test_narrowing_by_what_no_store_takes_shows_everything(keep, interaction, page):
    keep(interactions=[interaction()])
    assert "panel-state" in page(model="a\x00b", environment="x" * 1_000)


def test_the_page_takes_as_many_queries_with_thirty_series_as_with_one(keep, interaction, page):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            page(**DAY)
        return len(captured)

    keep(interactions=[interaction()])
    few = queries()
    keep(interactions=[interaction(place, model=f"m{place}") for place in range(1, 31)])
    assert queries() == few


def test_where_the_data_begin_is_asked_once_a_page(keep, interaction, page):
    keep(interactions=[interaction()])
    with CaptureQueriesContext(connection) as captured:
        page(**DAY)
    assert sum('MIN("metrics_bucket1h"."start")' in one["sql"] for one in captured) == 1
