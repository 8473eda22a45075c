"""The panels of the overview of a busy project: what they say, draw and lead to."""

import pytest
from django.utils import timezone

from observatory.charts.drawing import svg
from observatory.projects.models import Project
from reports.boards import OVERVIEW
from reports.panels.catalogue import panel
from reports.panels.confidence import LOW
from tests.reports.overview.conftest import interaction_at, keep_in
from tests.store import undone


@pytest.fixture(scope="module")
def busy(django_db_setup, django_db_blocker):
    """Of two models and three sessions, with times of stages and confidence; one in ten failed.

    Made once for the file; each test undoes its own.
    """
    with django_db_blocker.unblock(), undone():
        project, now = Project.objects.create(slug="shop", name="Shop"), timezone.now()
        keep_in(
            project.id,
            interactions=[
                interaction_at(
                    now,
                    place,
                    model=f"m{place % 2}",
                    status="error" if place % 10 == 0 else "ok",
                    error={"type": "Timeout"} if place % 10 == 0 else None,
                    cost_usd="0.01",
                    retrieval_ms=100,
                    generation_ms=600,
                    latency_ms=400 + 20 * place,
                    confidence=place / 60,
                )
                for place in range(1, 61)
            ],
            events=[
                {"type": "tool.call", "component": "search", "data": {"status": "error" if place < 3 else "ok"}}
                for place in range(10)
            ],
        )
        with django_db_blocker.block():  # until a test asks for it
            yield project


@pytest.fixture
def shop(db, busy):
    return busy


@pytest.fixture
def answer(asked):
    return lambda name, **only: panel(name).answer(asked(**only))


@pytest.mark.parametrize("name", [name for name in OVERVIEW.panels if name not in {"attention", "what_changed"}])
def test_what_a_panel_draws_is_drawn_on_paper_too(answer, name):
    content = answer(name)
    assert not content.reason
    if content.chart:
        assert svg(content.chart, width=500).startswith("<svg")


def test_the_columns_of_the_spread_hold_every_response_time(answer):
    chart = answer("latency_spread").chart
    assert sum(row["v"] for row in chart.rows) == 60
    assert {"min_latency_ms", "max_latency_ms"} <= {part.partition("=")[0] for part in chart.rows[0]["drill"].split("&")}


def test_stages_share_the_p95_and_the_rest_is_other(answer):
    content = answer("latency_stages")
    assert [row["at"] for row in content.chart.rows] == ["retrieval", "generation", "other"]
    assert "retrieval 6." in content.words
    assert sum(row["v"] for row in content.chart.rows) == pytest.approx(1_530, rel=0.02)


def test_the_words_name_the_longest_bar_and_it_comes_first(answer, keep):
    keep(events=[{"type": "tool.call", "component": "rare", "data": {"status": "error"}}])
    content = answer("errors_by_component")
    lengths = [row["v"] for row in content.chart.rows]
    assert lengths == sorted(lengths, reverse=True)
    assert content.words.startswith(f"Highest rate: {content.chart.rows[0]['at']}, ")
    assert "search" in {row["at"] for row in content.chart.rows}
    assert {row["drill"].partition("&")[0] for row in content.chart.rows} == {"name=events.error_rate"}


def test_the_latest_failures_lead_to_their_traces(answer):
    content = answer("errors_latest", model="m0")
    assert content.n == 6
    assert [row[1].words for row in content.table.rows] == ["Timeout"] * 6
    assert content.table.rows[0][0].link.query["id"]


def test_the_share_of_low_confidence_is_told(answer):
    assert f"58.3 % of the answers are below {LOW}" in answer("confidence").words
