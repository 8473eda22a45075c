"""Numbers that are measured: recorded as samples, rolled up as all other facts."""

from datetime import UTC, datetime

import pytest

from interactions.metrics.sources import EVENTS
from observatory.metrics import catalogue, series
from observatory.metrics.catalogue import Kind, Metric
from observatory.metrics.models import Sample, StaleBucket
from observatory.metrics.record import Measured, of_samples, record, record_all
from observatory.metrics.rollup.run import roll_up
from observatory.metrics.series import Window

AT = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
WINDOW = Window(datetime(2026, 3, 1, 12, tzinfo=UTC), datetime(2026, 3, 1, 13, tzinfo=UTC))


@pytest.fixture
def depth(monkeypatch) -> Metric:
    monkeypatch.setattr(catalogue, "_METRICS", dict(catalogue._METRICS))
    metric = of_samples("test.depth", unit="1", help="Depth.", labels=("queue",))
    catalogue.declare(metric, Metric("test.events", "1", "Events.", Kind.COUNT, EVENTS))
    return metric


def test_a_recorded_number_is_in_the_series_after_the_roll_up(shop, depth):
    record("test.depth", project_id=shop.pk, value=7, labels={"queue": "a"}, at=AT)
    record("test.depth", project_id=shop.pk, value=9, labels={"queue": "b"}, at=AT)
    roll_up(now=AT)
    found = series.summaries(depth, project_id=shop.pk, window=WINDOW, by=("queue",))
    assert {labels: summary.last for labels, summary in found.items()} == {("a",): 7.0, ("b",): 9.0}


def test_values_of_one_moment_mark_each_project_once(shop, depth):
    record_all([Measured(shop.pk, "test.depth", value) for value in range(20)], at=AT)
    assert (Sample.objects.count(), StaleBucket.objects.count()) == (20, 1)


def test_nothing_recorded_marks_nothing(shop):
    record_all([], at=AT)
    assert not StaleBucket.objects.exists()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e200, "7"])
def test_what_is_no_finite_number_is_refused(shop, depth, value):
    with pytest.raises(ValueError, match="no finite number"):
        record("test.depth", project_id=shop.pk, value=value, at=AT)
    assert not Sample.objects.exists()


def test_a_metric_that_is_counted_from_facts_cannot_be_recorded(shop, depth):
    with pytest.raises(ValueError, match="come from events"):
        record("test.events", project_id=shop.pk, value=1, at=AT)


def test_an_unknown_metric_cannot_be_recorded(shop):
    with pytest.raises(KeyError):
        record("no.such", project_id=shop.pk, value=1, at=AT)
