"""What a roll-up could not do is done as soon as it can be, and nothing is written on facts that grew old."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from observatory.core import leases
from observatory.metrics import tasks
from observatory.metrics.horizons import is_settled
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Bucket1m, Counter, StaleBucket
from observatory.metrics.rollup import follow, run, work
from observatory.metrics.staleness import mark

NOW = datetime(2026, 3, 1, tzinfo=UTC)
AT = int(NOW.timestamp()) - 86_400
MINUTE = AT // 60 * 60


def minutes_of(name):
    return Bucket1m.objects.filter(series__metric=name).aggregate(n=Sum("n"))["n"]


@pytest.fixture
def broken(monkeypatch):
    """The roll-up fails until `broken()` is called."""
    real = work.collect
    monkeypatch.setattr(work, "collect", lambda *args, **kwargs: 1 / 0)
    return lambda: monkeypatch.setattr(work, "collect", real)


def test_a_later_success_clears_the_failure_of_its_bucket(shop, facts, roll, broken):
    facts[1] = (AT + 1, "a", 10, "u")
    roll()
    assert not is_settled(shop.id, "calls", MINUTE, MINUTE + 60)
    broken()
    roll()
    assert is_settled(shop.id, "calls", MINUTE, MINUTE + 60)
    assert not StaleBucket.objects.failed().exists()


def test_what_failed_is_tried_again_after_an_hour(shop, facts, roll, broken):
    facts[1] = (AT + 1, "a", 10, "u")
    roll()
    broken()
    run.roll_up(now=NOW)
    assert minutes_of("test.calls") is None
    StaleBucket.objects.failed().update(failed_at=timezone.now() - timedelta(hours=2))
    run.roll_up(now=NOW)
    assert minutes_of("test.calls") == 1


def test_a_coarser_bucket_that_fails_holds_up_no_finer_one(shop, facts, roll, monkeypatch):
    facts.update({1: (AT + 1, "a", 10, "u"), 2: (AT + 3_601, "a", 10, "u")})
    real = work.read

    def read(finer, ids, start, end):
        if start <= MINUTE < end and finer is LEVELS[1]:
            raise ValueError("no")
        return real(finer, ids, start, end)

    monkeypatch.setattr(work, "read", read)
    roll()
    failed = StaleBucket.objects.get()
    assert (failed.level, failed.start, failed.error) == (2, LEVELS[2].start_of(AT), "ValueError: no")
    assert minutes_of("test.calls") == 2
    assert Counter.objects.get(series__metric="test.calls").n == 1
    monkeypatch.setattr(work, "read", real)
    StaleBucket.objects.update(error="")
    run.roll_up(now=NOW)
    assert Counter.objects.get(series__metric="test.calls").n == 2


@pytest.mark.parametrize(("little", "transactions"), [(run.LITTLE, 1), (0, 6)])
def test_what_is_little_goes_up_all_levels_in_one_transaction(shop, facts, roll, monkeypatch, little, transactions):
    facts[1] = (AT + 1, "a", 10, "u")
    monkeypatch.setattr(run, "LITTLE", little)
    with CaptureQueriesContext(connection) as seen:
        assert roll() == 6
    fences = [query for query in seen if query["sql"].startswith(f"UPDATE {leases.TABLE}")]
    assert len(fences) == transactions
    assert not StaleBucket.objects.exists()


def test_facts_read_before_another_had_the_lease_are_not_written(shop, facts, roll, monkeypatch):
    facts.update({1: (AT + 1, "a", 10, "u"), 2: (AT + 3_601, "a", 10, "u")})
    roll()
    facts.update({3: (AT + 2, "a", 10, "u"), 4: (AT + 3_602, "a", 10, "u")})
    real, reads = work.collect, []

    def overtaken(*args, **kwargs):
        found = list(real(*args, **kwargs))
        reads.append(found)
        if len(reads) == 1:  # our lease runs out; another process sees a newer fact, rolls it up and gives the lease back
            facts[5] = (AT + 3, "a", 20, "u")
            mark([(shop.id, "calls", AT + 3)], now=NOW)
            leases.Lease.objects.filter(name=run.LEASE).update(until=datetime(2000, 1, 1, tzinfo=UTC))
            with monkeypatch.context() as other:
                other.setattr(leases, "owner_name", lambda: "another")
                run.roll_up(now=NOW)
        return iter(found)

    monkeypatch.setattr(work, "collect", overtaken)
    roll(AT + 2, AT + 3_602)
    run.roll_up(now=NOW)
    assert minutes_of("test.calls") == 5


def test_the_lease_is_renewed_while_facts_are_read(shop, facts, roll, monkeypatch):
    facts.update({1: (AT + 1, "a", 10, "u"), 2: (AT + 3_601, "a", 10, "u")})
    real, was_held = work.collect, []
    lease = leases.Lease.objects.filter(name=run.LEASE)

    def long(*args, **kwargs):
        was_held.append(lease.get().until > timezone.now())
        lease.update(until=timezone.now())
        return real(*args, **kwargs)

    monkeypatch.setattr(run, "RENEW_AFTER_S", 0)
    monkeypatch.setattr(work, "collect", long)
    roll()
    assert was_held == [True, True]


def test_the_task_leaves_what_is_stale_to_the_follower_of_its_process(shop, facts, monkeypatch):
    facts[1] = (AT + 1, "a", 10, "u")
    mark({(shop.id, "calls", MINUTE)}, now=NOW)
    with monkeypatch.context() as patched:
        patched.setattr(tasks, "followed", {follow.NAME})
        tasks.roll_up_stale()
        assert StaleBucket.objects.exists()
    tasks.roll_up_stale()
    assert not StaleBucket.objects.exists()
