"""Late, repeated and reordered facts give the same buckets, to the byte, as the same facts at once and in order."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Counter, Series, StaleBucket
from observatory.metrics.rollup.rows import COLUMNS

BASE = int(datetime(2026, 2, 28, 22, 0, tzinfo=UTC).timestamp())
FACT = st.tuples(
    st.integers(0, 3 * 3_600).map(lambda second: float(BASE + second)),  # crosses minutes, hours and midnight
    st.sampled_from(["a", "b", ""]),
    st.none() | st.floats(-1e9, 1e9) | st.integers(0, 2_000),
    st.sampled_from(["", "ann", "bob"]),
)
BUCKETS = " UNION ALL ".join(  # of all levels at once: they are read 4,000 times
    f"SELECT '{level.name}', metric, labels_key, {', '.join(COLUMNS[1:])} "
    f"FROM {level.model._meta.db_table} JOIN {Series._meta.db_table} AS series ON series.id = series_id"
    for level in LEVELS
)
EXAMPLES, PARTS = 2_000, 8
BATCHES = st.lists(st.lists(FACT, min_size=1, max_size=6), min_size=1, max_size=2)


def tables():
    """All buckets and counters by the labels of their series: the primary keys depend on who came first."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(BUCKETS)
        for level, metric, key, *row in cursor.fetchall():
            found[level, metric, key, row[0]] = [bytes(one) if isinstance(one, memoryview) else one for one in row]
    # Not their totals: of values below zero, which no counter has, the largest sum on the way would stand.
    for metric, key, n, packed in Counter.objects.values_list("series__metric", "series__labels_key", "n", "packed"):
        found["counter", metric, key] = (n, packed and bytes(packed))
    return found


def undone(steps):
    """What the tables hold after the steps, which are then rolled back."""
    with transaction.atomic():
        steps()
        found = tables()
        assert not StaleBucket.objects.exists()
        transaction.set_rollback(True)
    return found


def with_new_files():
    """In a run nothing vacuums: each look would read over the rows that all examples so far have left behind."""
    if connection.vendor == "postgresql":
        tables = [one._meta.db_table for one in (Series, Counter, StaleBucket, *(level.model for level in LEVELS))]
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(PARTS))  # which the processes of a test run share
def test_the_order_of_arrival_does_not_show(shop, facts, roll, part):
    @seed(part)
    @settings(max_examples=EXAMPLES // PARTS, deadline=None, database=None)
    @given(batches=BATCHES, order=st.randoms(use_true_random=False))
    def holds(batches, order):
        whole = dict(enumerate(fact for batch in batches for fact in batch))

        def in_order():
            facts.clear()
            facts.update(sorted(whole.items(), key=lambda one: one[1][0]))
            roll()

        def as_it_comes():
            facts.clear()
            numbers = iter(whole)
            for batch in order.sample(batches, len(batches)):
                arrived = [next(numbers) for _ in batch]
                order.shuffle(arrived)
                facts.update((number, whole[number]) for number in arrived)
                roll(*(whole[number][0] for number in arrived * 2))  # a retry marks again

        assert undone(as_it_comes) == undone(in_order)

    with_new_files()
    holds()
