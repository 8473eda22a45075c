"""Buckets follow their facts: every kind of metric, every level, late facts, facts that move or cannot be read."""

from datetime import UTC, datetime, timedelta

import pytest

from observatory.metrics import catalogue
from observatory.metrics.catalogue import OTHER
from observatory.metrics.levels import LEVELS, first_horizons
from observatory.metrics.models import Counter, Horizon, Series, StaleBucket
from observatory.metrics.rollup import run
from observatory.metrics.rollup.rebuild import mark_all_stale, mark_if_never_rolled_up
from observatory.metrics.rollup.rows import seal
from observatory.metrics.rollup.run import roll_up
from observatory.metrics.series import Window, level_for, points, summaries
from tests.metrics.test_same_bytes import tables

AT = int(datetime(2026, 2, 28, 23, 58, tzinfo=UTC).timestamp())
DAY = Window(datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 1, 12, tzinfo=UTC))


def told(shop, name, **options):
    return summaries(catalogue.metric(name), project_id=shop.id, window=DAY, **options)


def test_each_kind_keeps_what_may_be_asked_of_it(shop, facts, roll):
    facts.update({1: (AT, "a", 100, "ann"), 2: (AT + 30, "a", 900, "bob"), 3: (AT + 60, "b", None, "ann")})
    roll()
    calls, time = told(shop, "test.calls")[()], told(shop, "test.time")[()]
    assert calls.n == 3
    assert (time.n, time.mean, time.bounds) == (2, 500, (1, 2))
    assert time.quantile(1.0) == 900
    assert told(shop, "test.cost")[()].total == pytest.approx(1000 / 7)
    assert (told(shop, "test.level")[()].last, told(shop, "test.level")[()].maximum) == (900, 900)
    assert told(shop, "test.slow")[()].mean == 0.5
    assert told(shop, "test.users")[()].distinct == 2
    assert {labels: one.n for labels, one in told(shop, "test.calls", by=["model"]).items()} == {("a",): 2, ("b",): 1}
    assert told(shop, "test.calls", where={"model": "b"})[()].n == 1


def test_every_level_says_the_same(shop, facts, roll):
    facts.update({number: (AT + number * 40, "a", number * 10, "ann") for number in range(12)})  # past midnight
    roll()
    wanted = told(shop, "test.time")[()]
    for level in LEVELS[:-1]:
        found = points(catalogue.metric("test.time"), project_id=shop.id, window=DAY, level=level)[()]
        assert sum(point.summary.n for point in found) == wanted.n == 12
    assert Counter.objects.get(series__metric="test.calls").n == 12


def test_small_batches_say_the_same_as_large_ones(shop, facts, roll, monkeypatch):
    facts.update({number: (AT - number * 14_400, "ab"[number % 2], number * 10, "ann") for number in range(30)})  # five days
    roll()
    wanted = tables()
    Series.objects.all().delete()
    monkeypatch.setattr(run, "LITTLE", 0)
    monkeypatch.setattr(run, "BUCKETS_A_BATCH", 2)
    monkeypatch.setattr(run, "FINER_A_BATCH", 48)  # two days from their hours, one hour from its parts
    monkeypatch.setattr(run, "MARKS_A_BATCH", 7)
    roll()
    assert (tables(), StaleBucket.objects.count()) == (wanted, 0)


def test_counters_count_a_fact_once_that_moves_while_more_waits_than_a_batch(shop, facts, roll, monkeypatch):
    monkeypatch.setattr(run, "BUCKETS_A_BATCH", 2)
    facts.update({1: (AT, "a", 100, "ann"), 2: (AT + 60, "a", 100, "ann")})
    roll()
    facts[1] = (AT + 7_200, "a", 100, "ann")
    roll(AT, AT + 60, AT + 7_200)
    assert Counter.objects.get(series__metric="test.calls").n == 2


def test_a_late_fact_changes_its_buckets_and_no_other(shop, facts, roll):
    facts.update({1: (AT, "a", 100, "ann"), 2: (AT + 300, "a", 100, "ann")})
    roll()
    facts[3] = (AT - 7_200, "a", 300, "ann")
    assert roll(AT - 7_200) < 8
    assert told(shop, "test.time")[()].total == 500


def test_a_fact_that_moved_leaves_nothing_behind_but_counters_never_fall(shop, facts, roll):
    facts[1] = (AT, "a", 100, "ann")
    roll()
    facts[1] = (AT + 3_600, "b", 100, "ann")
    roll(AT, AT + 3_600)
    assert {labels: one.n for labels, one in told(shop, "test.calls", by=["model"]).items()} == {("b",): 1}
    counters = Counter.objects.filter(series__metric="test.calls").order_by("series__id")
    assert list(counters.values_list("series__labels", "n")) == [(["a"], 1), (["b"], 1)]


def test_values_beyond_the_cap_are_other(shop, facts, roll):
    facts.update({number: (AT, f"m{number:05}", 1, "ann") for number in range(1_000)})
    roll()
    labels = {labels: one.n for labels, one in told(shop, "test.calls", by=["model"]).items()}
    assert labels == {("m00000",): 1, ("m00001",): 1, ("m00002",): 1, (OTHER,): 997}


def test_a_minute_that_is_too_old_for_minutes_is_kept_in_coarser_buckets(shop, facts, roll):
    now = datetime(2026, 3, 20, tzinfo=UTC)
    facts.update({1: (AT, "a", 100, "ann"), 2: (AT + 60, "a", 200, "ann")})
    roll(now=now)
    assert not LEVELS[0].rows.exists()
    assert told(shop, "test.time")[()].total == 300
    night = Window(datetime(2026, 2, 28, 20, tzinfo=UTC), datetime(2026, 3, 1, 4, tzinfo=UTC))
    assert level_for(catalogue.metric("test.time"), project_id=shop.id, window=night) == LEVELS[1]
    facts[3] = (AT + 61, "a", 300, "ann")
    roll(AT + 61, now=now)
    assert told(shop, "test.time")[()].total == 600


@pytest.mark.parametrize(
    "at",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(9999, 12, 31, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),  # the end of its minute is no time any more
    ],
)
def test_the_first_and_the_last_minute_of_all_have_buckets_too(shop, facts, roll, at):
    facts[1] = (at.timestamp(), "a", 100, "ann")
    roll(now=datetime(2026, 3, 20, tzinfo=UTC))
    assert not StaleBucket.objects.exists()
    assert [level.rows.filter(series__metric="test.calls").count() for level in LEVELS][-1] == 1


def test_what_comes_after_sealing_is_added(shop, facts, roll):
    facts[1] = (AT, "a", 100, "ann")
    roll()
    seal(LEVELS[0], list(Series.objects.values_list("id", flat=True)), AT, AT + 60)
    facts.clear()
    facts[2] = (AT + 1, "a", 300, "bob")
    roll(AT)
    roll(AT)
    assert (told(shop, "test.time")[()].n, told(shop, "test.time")[()].total) == (2, 400)
    assert told(shop, "test.users")[()].distinct == 2
    assert Counter.objects.get(series__metric="test.calls").n == 2


def test_a_fact_that_breaks_a_metric_holds_up_its_own_bucket_only(shop, facts, roll):
    facts.update({1: (AT, "a", 100, "ann"), 2: (AT + 60, "a", "text", "ann"), 3: (AT + 120, "a", 300, "ann")})
    roll()
    assert told(shop, "test.time")[()].total == 400
    failed = StaleBucket.objects.get()
    assert (failed.start, failed.error.split(":")[0]) == (AT + 60, "TypeError")
    facts[2] = (AT + 60, "a", 200, "ann")
    StaleBucket.objects.update(error="")
    roll_up(now=datetime(2026, 3, 1, tzinfo=UTC))
    assert told(shop, "test.time")[()].total == 600


def test_a_rerun_writes_nothing(shop, facts, roll, django_assert_num_queries):
    facts[1] = (AT, "a", 100, "ann")
    roll()
    before = [list(level.rows.values_list("n", "total", "packed")) for level in LEVELS]
    assert roll() == 1  # the minute; no coarser bucket was marked
    assert [list(level.rows.values_list("n", "total", "packed")) for level in LEVELS] == before


def test_horizons_are_whole_buckets_of_the_next_level():
    leap_day = datetime(2028, 2, 29, 13, 7, 11, tzinfo=UTC)
    found = first_horizons(leap_day)
    assert [until % level.seconds for until, level in zip(found, LEVELS[1:], strict=True)] == [0, 0, 0, 0]
    assert all(until <= leap_day.timestamp() - level.keep_s for until, level in zip(found, LEVELS, strict=False))


def test_a_new_source_starts_with_its_horizons(shop, facts, roll):
    facts[1] = (AT, "a", 100, "ann")
    roll()
    assert Horizon.objects.filter(project=shop, source="calls").count() == len(LEVELS) - 1


def test_facts_from_before_the_roll_up_are_marked_once(shop, facts):
    facts[1] = (AT, "a", 100, "ann")
    assert (mark_if_never_rolled_up(), mark_if_never_rolled_up()) == (1, 0)
    roll_up(now=datetime(2026, 3, 1, tzinfo=UTC))
    assert (told(shop, "test.time")[()].n, mark_if_never_rolled_up()) == (1, 0)


def test_a_rebuild_takes_away_what_has_no_fact_any_more(shop, facts, roll):
    facts.update({1: (AT, "a", 100, "ann"), 2: (AT + 60, "a", 200, "ann")})
    roll()
    del facts[2]
    mark_all_stale()
    roll_up(now=datetime(2026, 3, 1, tzinfo=UTC))
    assert told(shop, "test.time")[()].total == 100


@pytest.mark.parametrize(
    "clock",
    [
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 59, tzinfo=UTC),
    ],
    ids=["summer time begins", "summer time ends", "leap day"],
)
@pytest.mark.parametrize("step", [timedelta(hours=-1), timedelta(hours=1)], ids=["back", "forward"])
def test_a_clock_that_jumps_counts_nothing_twice_and_loses_nothing(shop, facts, roll, clock, step):
    at = clock.timestamp()
    facts.update({number: (at + number * 600, "a", 100, "ann") for number in range(-6, 6)})
    roll(now=clock)
    facts[99] = ((clock + step).timestamp(), "a", 100, "ann")
    roll(now=clock + step)
    around = Window(clock - timedelta(hours=3), clock + timedelta(hours=3))
    for level in LEVELS[:3]:
        found = points(catalogue.metric("test.calls"), project_id=shop.id, window=around, level=level)[()]
        assert sum(point.summary.n for point in found) == 13
    assert Counter.objects.get(series__metric="test.calls").n == 13
