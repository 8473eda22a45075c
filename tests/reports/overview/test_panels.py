"""The panels of the overview: what they answer of an empty, a small and a large project."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.models import PricingGap, StaleTrace
from observatory.metrics.models import StaleBucket
from reports.boards import OVERVIEW
from reports.panels.catalogue import panel
from reports.panels.latency import log_bins

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(asked):
    return lambda name, **only: panel(name).answer(asked(**only))


@pytest.mark.parametrize("name", [name for name in OVERVIEW.panels if name not in {"state", "what_changed"}])
def test_a_panel_without_data_says_why(answer, shop, name):
    content = answer(name)
    assert content.reason
    assert content.chart is None


def test_bins_are_joined_to_a_few_columns_equally_wide_in_logarithms():
    found = log_bins({65_536 + place: 1 for place in range(0, 400, 2)}, columns=28)
    assert len(found) <= 28
    assert sum(n for _, _, n in found) == 200
    widths = [high / low for low, high, _ in found]
    assert max(widths) == pytest.approx(min(widths))
    assert log_bins({0: 5, -3: 1}, columns=28) == []


def test_costs_beyond_seven_models_are_one_line(answer, keep, interaction):
    keep(interactions=[interaction(place, model=f"m{place}", cost_usd=str(place)) for place in range(1, 11)])
    content = answer("cost_by_model")
    names = {row["name"] for row in content.chart.rows}
    assert names == {f"m{place}" for place in range(4, 11)} | {"all others"}
    assert sum(row["v"] for row in content.chart.rows if row["name"] == "all others") == pytest.approx(6)


def test_what_is_wrong_is_listed_the_worst_first(answer, shop, keep):
    now = timezone.now()
    PricingGap.objects.create(project=shop, model="new-model", first_seen_at=now, last_seen_at=now)
    StaleTrace.objects.create(project=shop, trace_id="a" * 32, marked_at=now, failures=5, error="broken")
    StaleBucket.objects.create(project=shop, source="interactions", start=0, error="broken", failed_at=now)
    keep(events=[{"type": "component.health", "component": "search", "data": {"status": "degraded"}}])
    rows = answer("attention").table.rows
    assert {row[0].words for row in rows[:2]} == {"Traces that cannot be processed", "Figures that cannot be computed"}
    assert {row[0].words for row in rows[2:]} == {"search is degraded", "Models without a price"}


def test_the_queries_do_not_depend_on_how_much_there_is(keep, interaction, asked):
    now = timezone.now()

    def queries():
        found, one = {}, asked(now)
        for name in OVERVIEW.panels:
            with CaptureQueriesContext(connection) as captured:
                panel(name).answer(one)
            found[name] = len(captured)
        return found

    keep(interactions=[interaction(place, retrieval_ms=1, confidence=0.5, cost_usd="1") for place in (1, 2, 3)])
    few = queries()
    many = [interaction(place, model=f"m{place % 30}", status="error" if place % 3 else "ok") for place in range(4, 304)]
    keep(interactions=many)
    assert queries() == few


def test_an_old_report_of_a_failure_is_told_as_old(keep, asked):
    at = (timezone.now() - timedelta(minutes=20)).isoformat()
    keep(events=[{"type": "component.health", "component": "LLM", "occurred_at": at, "data": {"status": "down"}}])
    rows = panel("attention").answer(asked()).table.rows
    told = {row[0].words: row[1].words for row in rows}
    assert "Last heard of 20 min ago" in told["LLM was failing"]
