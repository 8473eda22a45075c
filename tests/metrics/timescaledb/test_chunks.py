"""Buckets in compressed chunks: late data counts, and what is too old goes by whole chunks."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from observatory.metrics import timescale
from observatory.metrics.chunks import drop_old_chunks
from observatory.metrics.levels import DAY_S, LEVELS
from observatory.metrics.models import Bucket1m, Horizon, Sample, Series
from observatory.metrics.record import SAMPLES
from observatory.metrics.rollup.rows import read, seal
from observatory.metrics.staleness import mark
from observatory.metrics.thinning import thin
from observatory.projects.models import Project

BEGIN = 1_709_164_800  # 2024-02-29
TABLES = [one.table for one in timescale.CHUNKED]


def at(days: float) -> datetime:
    return datetime.fromtimestamp(BEGIN, UTC) + timedelta(days=days)


@pytest.fixture
def history(facts, roll):
    """Four days of calls, rolled up."""
    dice = random.Random(5)
    for number in range(300):
        facts[number] = (BEGIN + dice.randrange(4 * DAY_S) + dice.random(), dice.choice("ab"), dice.randrange(1, 5_000), "u")
    roll(now=at(4))
    return facts


def everything():
    ids = list(Series.objects.values_list("id", flat=True))
    return [read(level, ids, 0, 2 * BEGIN) for level in LEVELS]


def chunks():
    return [chunk for chunk, _ in timescale.chunks_before(LEVELS[0], 2 * BEGIN)]


def test_compressing_changes_no_number(history, compress):
    before = everything()
    assert [compress(table) for table in TABLES[:2]] == [4, 2]
    assert everything() == before


def test_late_data_in_a_compressed_chunk_counts(narrow_times, history, roll, compress):
    for table in TABLES[:4]:
        compress(table)
    history[1_000] = late = (BEGIN + 600.5, "a", 77, "late")
    roll(late[0], now=at(4))
    compressed = everything()
    Series.objects.all().delete()
    Horizon.objects.all().delete()
    roll(now=at(4))
    assert [sorted(found.values(), key=repr) for found in everything()] == [
        sorted(found.values(), key=repr) for found in compressed
    ]


def test_compressed_buckets_can_be_sealed(narrow_times, history, compress):
    before = everything()
    compress("metrics_bucket1m")
    seal(LEVELS[0], list(Series.objects.values_list("id", flat=True)), BEGIN, BEGIN + DAY_S)
    assert not Bucket1m.objects.filter(start__lt=BEGIN + DAY_S, is_sealed=False).exists()
    assert everything() == before


def test_more_rows_than_the_limit_of_the_extension_can_change(narrow_times, shop, ask, compress):
    series = [Series(project=shop, metric="m", labels=[str(one)], labels_key=f'["{one}"]') for one in range(120)]
    Series.objects.bulk_create(series)
    ask(
        "INSERT INTO metrics_bucket1m (series_id, start, is_sealed, n, total, squares) "
        "SELECT id, %s + 60 * minute, false, 1, 1, 1 FROM metrics_series, generate_series(0, 899) minute",
        BEGIN,
    )
    compress("metrics_bucket1m")
    assert Bucket1m.objects.filter(start__gte=BEGIN + 60).update(is_sealed=True) == 120 * 899


def test_a_chunk_goes_when_it_is_too_old_for_every_project(history, compress):
    compress("metrics_bucket1m")
    assert drop_old_chunks(now=at(9.5)) == 2
    assert chunks() == [BEGIN + 2 * DAY_S, BEGIN + 3 * DAY_S]
    assert set(Horizon.objects.filter(level=0).values_list("until", flat=True)) == {BEGIN + 2 * DAY_S}


def test_rows_stay_until_their_chunk_goes(history):
    thin(now=at(9.9))
    assert Bucket1m.objects.order_by("start").first().start < BEGIN + 2 * DAY_S + 3_600 * 3


def test_what_was_sealed_moves_up_before_its_chunk_goes(history):
    before = everything()
    seal(LEVELS[0], list(Series.objects.values_list("id", flat=True)), BEGIN, BEGIN + DAY_S)
    assert drop_old_chunks(now=at(8)) == 1
    assert everything()[1:] == before[1:]
    assert LEVELS[1].rows.filter(is_sealed=True).exists()


def test_a_chunk_stays_while_something_in_it_waits(shop, history):
    mark([(shop.id, "calls", BEGIN + DAY_S + 900.0)], now=at(4))
    assert drop_old_chunks(now=at(11)) == 1
    assert chunks()[0] == BEGIN + DAY_S


def test_with_a_legal_hold_the_other_projects_are_thinned_by_rows(shop, history):
    held = Project.objects.create(slug="held", name="Held", is_held=True, hold_reason="Case 1")
    theirs = Series.objects.create(project=held, metric="test.calls", labels=["a"], labels_key='["a"]')
    Bucket1m.objects.create(series=theirs, start=BEGIN, n=1, total=1.0, squares=1.0)
    assert drop_old_chunks(now=at(20)) == 0
    thin(now=at(20))
    assert list(Bucket1m.objects.values_list("series_id", flat=True)) == [theirs.id]


def test_chunks_without_samples_go(shop):
    Sample.objects.bulk_create(Sample(project=shop, metric="m", at=at(day), value=1.0) for day in range(4))
    Sample.objects.filter(at__lt=at(2)).delete()
    assert timescale.drop_empty(timescale.SAMPLES) == 2
    assert Sample.objects.count() == 2
    assert SAMPLES.rows(shop.id, at(0), at(9))
