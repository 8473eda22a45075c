"""Windows are read from few rows and queries, and yet hold what lies in them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from observatory.metrics import catalogue
from observatory.metrics.counts import counts
from observatory.metrics.levels import LEVELS
from observatory.metrics.series import Window
from observatory.metrics.windows import Stretch, covering, read_lines, read_wholes

MINUTE, FIVE, HOUR, DAY = LEVELS[:4]
NOW = datetime(2026, 3, 2, 12, 33, 20, tzinfo=UTC)
TODAY = Window(NOW - timedelta(hours=24), NOW)
NAMES = ("test.calls", "test.time", "test.users")


def seconds(*moment):
    return int(datetime(2026, 3, *moment, tzinfo=UTC).timestamp())


def test_a_window_is_covered_by_large_buckets_with_small_ones_at_its_ends():
    parts = covering(seconds(1, 12, 30), seconds(3, 1, 10), (FIVE, HOUR, DAY))
    assert parts == [
        Stretch(FIVE, seconds(1, 12, 30), seconds(1, 13)),
        Stretch(HOUR, seconds(1, 13), seconds(2, 0)),
        Stretch(DAY, seconds(2, 0), seconds(3, 0)),
        Stretch(HOUR, seconds(3, 0), seconds(3, 1)),
        Stretch(FIVE, seconds(3, 1), seconds(3, 1, 10)),
    ]


def test_a_window_without_a_whole_large_bucket_is_read_from_small_ones():
    assert covering(seconds(1, 12, 30), seconds(1, 13, 20), (FIVE, HOUR)) == [
        Stretch(FIVE, seconds(1, 12, 30), seconds(1, 13, 20))
    ]


@pytest.fixture
def calls(facts, roll):
    """A call every ten minutes for three days, of two models."""
    for place in range(3 * 144):
        facts[place] = ((NOW - timedelta(minutes=10 * place)).timestamp(), f"m{place % 2}", place % 7 * 100, f"u{place % 5}")
    roll(now=NOW)


def metrics():
    return [catalogue.metric(name) for name in NAMES]


def test_what_a_chart_shows_adds_up_to_its_figure_and_no_call_is_in_two_windows(calls, shop):
    place = {"project_id": shop.id, "window": TODAY}
    now = read_lines(metrics(), **place)["test.calls"]
    before = read_lines(metrics(), **place, is_before=True)["test.calls"]
    assert now.level == HOUR
    assert sum(point.summary.n for line in now.points.values() for point in line) == 145  # and the one of this very moment
    assert sum(point.summary.n for line in before.points.values() for point in line) == 144
    for is_before, lines in ((False, now), (True, before)):
        wholes = read_wholes(metrics(), **place, is_before=is_before)["test.calls"]
        assert {labels: one.n for labels, one in wholes.items()} == {
            labels: sum(point.summary.n for point in line) for labels, line in lines.points.items()
        }


def test_wholes_know_quantiles_and_distinct_values(calls, shop):
    found = read_wholes(metrics(), project_id=shop.id, window=TODAY)
    assert found["test.time"]["m0",].quantile(0.5) == pytest.approx(300, rel=0.35)
    assert found["test.users"][()].distinct == 5


def test_the_queries_do_not_depend_on_how_much_there_is(calls, shop, facts, roll):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            read_lines(metrics(), project_id=shop.id, window=TODAY)
            read_wholes(metrics(), project_id=shop.id, window=TODAY, is_before=True)
        return len(captured)

    few = queries()
    facts.update({1_000 + n: ((NOW - timedelta(minutes=n)).timestamp(), f"x{n % 3}", n, "u") for n in range(300)})
    roll(now=NOW)
    assert queries() == few


def test_counts_by_hour_are_summed_in_the_database(calls, shop):
    window = Window(NOW - timedelta(days=1), NOW)
    with CaptureQueriesContext(connection) as captured:
        found = counts(metrics()[0], project_id=shop.id, window=window, level=HOUR, where={"model": "m1"})[""]
    assert set(found.values()) <= {1, 2, 3}
    assert len(found) == 25
    assert len(captured) == 2


def test_a_window_up_to_now_ends_with_a_large_bucket_and_holds_the_same(calls, shop):
    place = {"project_id": shop.id, "window": TODAY}
    assert read_wholes(metrics(), **place, is_open=True) == read_wholes(metrics(), **place)
    assert read_lines(metrics(), **place, is_open=True) == read_lines(metrics(), **place)


def test_what_the_store_adds_up_is_what_the_rows_say(calls, shop):
    sum_of = catalogue.metric("test.cost")
    whole = read_wholes([sum_of], project_id=shop.id, window=TODAY)["test.cost"][()]
    line = read_lines([sum_of], project_id=shop.id, window=TODAY)["test.cost"].points[()]
    assert whole.total == pytest.approx(sum(point.summary.total for point in line))
    assert (whole.minimum, whole.maximum) == (0, pytest.approx(600 / 7))


def test_few_points_hold_the_same_buckets_as_many_and_as_the_whole(calls, shop):
    """So a tile's figure is the sum of its small line, and nothing is read twice."""
    place = {"project_id": shop.id, "window": TODAY}
    few = read_lines(metrics(), **place, most_points=5)["test.calls"]
    whole = read_wholes(metrics(), **place)["test.calls"]
    assert few.level == DAY
    assert {labels: sum(point.summary.n for point in line) for labels, line in few.points.items()} == {
        labels: one.n for labels, one in whole.items()
    }


def test_what_is_read_plain_has_the_same_numbers_without_bins(calls, shop):
    place = {"project_id": shop.id, "window": TODAY}
    wholes = [read_wholes(metrics(), **place, plain=plain)["test.time"] for plain in ((), ("test.time",))]
    lines = [read_lines(metrics(), **place, plain=plain)["test.time"].points for plain in ((), ("test.time",))]
    for full, plain in (
        *((wholes[0][labels], wholes[1][labels]) for labels in wholes[0]),
        *(
            (one.summary, other.summary)
            for labels in lines[0]
            for one, other in zip(lines[0][labels], lines[1][labels], strict=True)
        ),
    ):
        assert full.bins
        assert not plain.bins
        assert (full.n, full.minimum, full.maximum) == (plain.n, plain.minimum, plain.maximum)
        assert (full.total, full.squares) == (pytest.approx(plain.total), pytest.approx(plain.squares))
