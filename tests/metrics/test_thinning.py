"""Buckets go when they are old, and what they said stays."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from tests.kills import Killed, moments, tables
from tests.store import undone

BEGIN = 1_709_164_800  # 2024-02-29, a leap day
LATER = datetime(2024, 3, 4, tzinfo=UTC)
DAY = 86_400


@pytest.fixture
def history(facts, roll):
    """Four days of calls, rolled up."""
    dice = random.Random(5)
    for number in range(400):
        at = BEGIN + dice.randrange(4 * DAY) + dice.random()
        facts[number] = (at, dice.choice("ab"), dice.randrange(1, 5_000), str(number % 7))
    roll(now=LATER)
    return facts


def all_summaries(shop):
    from observatory.metrics import catalogue
    from observatory.metrics.levels import LEVELS
    from observatory.metrics.series import Window, points
    from observatory.stats.summary import merge

    window = Window(datetime.fromtimestamp(BEGIN, UTC), datetime.fromtimestamp(BEGIN + 4 * DAY, UTC))
    found = {}
    for metric in catalogue.metrics():
        by = [label.name for label in metric.labels]
        for level in LEVELS[3:]:
            lines = points(metric, project_id=shop.id, window=window, by=by, level=level)
            found |= {
                (metric.name, level.name, labels): merge(point.summary for point in line) for labels, line in lines.items()
            }
    return found


FIELDS = "n total squares minimum maximum last bins bounds hashes".split()


def as_read(summaries):
    return {place: {name: getattr(one, name) for name in FIELDS} for place, one in summaries.items()}


def about(summaries):
    """Sums of floats in another grouping differ in their last bit; everything else is exact."""
    return {
        place: {**one, "total": pytest.approx(one["total"]), "squares": pytest.approx(one["squares"])}
        for place, one in as_read(summaries).items()
    }


def delete_facts(shop, facts, end):
    """As retention does: seal the finest buckets that are left, up to `end`, and delete their facts."""
    from observatory.metrics.horizons import finest_left, horizons, move
    from observatory.metrics.models import Horizon, Series
    from observatory.metrics.rollup.rows import seal

    ids = list(Series.objects.values_list("id", flat=True))
    while (start := min((fact[0] for fact in facts.values()), default=end)) < end:
        level = finest_left(start, horizons(shop.id, "calls"))
        begin = level.start_of(start)
        with transaction.atomic():
            seal(level, ids, begin, begin + level.seconds)
            move(shop.id, "calls", Horizon.FACTS, begin + level.seconds)
        for key in [key for key, fact in facts.items() if fact[0] < begin + level.seconds]:
            del facts[key]


def counts():
    from observatory.metrics.levels import LEVELS

    return [level.rows.count() for level in LEVELS]


def at(days: float) -> datetime:
    return datetime.fromtimestamp(BEGIN, UTC) + timedelta(days=days)


def test_old_minutes_go_and_what_they_said_stays(shop, history):
    from observatory.metrics.thinning import thin

    before = all_summaries(shop)
    thin(now=at(9))
    minutes, fives, *_ = counts()
    assert 0 < minutes < fives
    thin(now=at(11))
    assert counts()[0] == 0
    assert as_read(all_summaries(shop)) == as_read(before)


def test_a_year_later_only_the_coarsest_are_left_and_still_right(shop, history):
    from observatory.metrics.thinning import thin

    before = all_summaries(shop)
    delete_facts(shop, history, BEGIN + 2 * DAY)
    thin(now=at(40))
    delete_facts(shop, history, BEGIN + 4 * DAY)
    thin(now=at(100))
    assert as_read(all_summaries(shop)) == about(before)
    thin(now=at(500))
    assert counts()[:4] == [0, 0, 0, 0]
    kept = {place: one for place, one in before.items() if place[1] == "30d"}
    assert as_read(all_summaries(shop)) == about(kept)


def test_a_late_fact_counts_once_however_far_thinning_went(shop, history, roll):
    from observatory.metrics.catalogue import metric
    from observatory.metrics.levels import LEVELS
    from observatory.metrics.series import Window, points
    from observatory.metrics.thinning import thin
    from observatory.stats.summary import merge

    for days in (9, 20, 40, 100, 400):
        if days == 40:
            delete_facts(shop, history, BEGIN + DAY + 1_000)  # in the midst of an hour
        thin(now=at(days))
        history[1_000 + days] = (BEGIN + DAY + 900.5, "a", days, "late")
        roll(BEGIN + DAY + 900.5, now=at(days))
    window = Window(at(-40), at(40))
    line = points(metric("test.calls"), project_id=shop.id, window=window, level=LEVELS[-1])[()]
    assert merge(point.summary for point in line).n == 405


def test_what_waits_is_not_thinned(shop, history):
    from observatory.metrics.levels import LEVELS
    from observatory.metrics.staleness import mark
    from observatory.metrics.thinning import thin

    waiting = sorted(fact[0] for fact in history.values())[200]
    mark([(shop.id, "calls", waiting)], now=LATER)
    thin(now=at(40))
    assert not LEVELS[0].rows.filter(start__lt=waiting - 3_600).exists()
    assert LEVELS[0].rows.filter(start=waiting // 60 * 60).exists()
    assert LEVELS[0].rows.filter(start__gte=waiting + 3_600).exists()


def test_a_project_on_hold_keeps_everything(shop, history):
    from observatory.metrics.thinning import thin

    shop.is_held, shop.hold_reason = True, "Case 1"
    shop.save()
    before = counts()
    assert thin(now=at(400)) == 0
    assert counts() == before


def test_series_without_buckets_are_forgotten(shop, history):
    from observatory.metrics.models import Series
    from observatory.metrics.thinning import thin

    Series.objects.create(project=shop, metric="test.calls", labels=["gone"], labels_key='["gone"]')
    number = Series.objects.count()
    thin(now=at(1))
    assert Series.objects.count() == number - 1


def test_a_clock_that_goes_back_an_hour_changes_nothing(shop, history):
    from observatory.metrics.models import Horizon
    from observatory.metrics.thinning import thin

    thin(now=at(20))
    before = tables(Horizon, without=("id",))
    assert thin(now=at(20) - timedelta(hours=1)) == 0
    assert tables(Horizon, without=("id",)) == before


def test_a_killed_run_is_finished_by_the_next_one_to_the_same_rows(shop, history, monkeypatch):
    from observatory.metrics.levels import LEVELS
    from observatory.metrics.models import Horizon
    from observatory.metrics.thinning import thin

    watched = (*(level.model for level in LEVELS), Horizon)
    delete_facts(shop, history, BEGIN + 2 * DAY + 1_000)
    whole = all_summaries(shop)

    def run(fatal):
        with moments(monkeypatch, fatal) as seen:
            thin(now=at(45))
        return seen.passed

    with undone():
        length = run(None)
        expected = tables(*watched, without=("id",))
    for fatal in sorted(random.Random(9).sample(range(length), 25)):
        with undone():
            with pytest.raises(Killed):
                run(fatal)
            assert as_read(all_summaries(shop)) == about(whole)  # also in between
            run(None)
            assert tables(*watched, without=("id",)) == expected, fatal


def test_buckets_of_a_metric_that_is_no_longer_declared_go_too(shop, history, monkeypatch):
    from observatory.metrics import catalogue
    from observatory.metrics.horizons import horizons
    from observatory.metrics.levels import LEVELS
    from observatory.metrics.thinning import thin

    monkeypatch.delitem(catalogue._METRICS, "test.calls")
    thin(now=at(500))
    rows = [level.rows.filter(series__metric="test.calls") for level in LEVELS]
    assert [part.count() for part in rows[:4]] == [0, 0, 0, 0]
    assert sum(rows[4].values_list("n", flat=True)) == 400
    assert set(horizons(shop.id, "")) == set()


def test_one_source_that_fails_is_noted_and_stops_no_other(shop, history, monkeypatch):
    from observatory.metrics import thinning
    from observatory.metrics.failures import job_failures

    real = thinning._thin_source
    fails = [True]

    def once(project, source, *, now):
        if source and fails.pop():
            raise ValueError("no")
        return real(project, source, now=now)

    monkeypatch.setattr(thinning, "_thin_source", once)
    thinning.thin(now=at(11))
    assert [(one.job, one.part, one.error) for one in job_failures(shop.id)] == [("thinning", "calls", "ValueError: no")]
    assert counts()[0] > 0
    monkeypatch.setattr(thinning, "_thin_source", real)
    thinning.thin(now=at(11))
    assert job_failures(shop.id) == []
    assert counts()[0] == 0
