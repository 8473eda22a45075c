"""A lease has one holder, until it runs out; a clock that was set back does not keep it for an hour."""

from datetime import UTC, datetime, timedelta

import pytest

from observatory.core import leases
from observatory.core.leases import LeaseLost, acquire, fence, holder, release

NOW = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # an hour that Europe's wall clocks show twice
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def as_holder(monkeypatch):
    return lambda name: monkeypatch.setattr(leases, "owner_name", lambda: name)


@pytest.mark.parametrize(
    "later, is_free",
    [(timedelta(0), False), (timedelta(seconds=59), False), (timedelta(seconds=60), True), (HOUR, True), (-HOUR, True),
     (-timedelta(minutes=2), False)],
)  # fmt: skip
def test_another_takes_it_when_it_ran_out_or_cannot_be(as_holder, later, is_free):
    as_holder("first")
    assert acquire("work", now=NOW, seconds=60)
    as_holder("second")
    assert acquire("work", now=NOW + later, seconds=60) is is_free


def test_who_lost_it_cannot_write(as_holder):
    as_holder("first")
    acquire("work", now=NOW, seconds=60)
    as_holder("second")
    acquire("work", now=NOW + HOUR, seconds=60)
    as_holder("first")
    with pytest.raises(LeaseLost):
        fence("work", now=NOW, seconds=60)


def test_given_back_it_is_free(as_holder):
    as_holder("first")
    acquire("work", now=NOW, seconds=60)
    release("work")
    as_holder("second")
    assert acquire("work", now=NOW, seconds=60)


def test_who_asks_in_vain_writes_nothing(as_holder, django_assert_num_queries):
    as_holder("first")
    acquire("work", now=NOW, seconds=60)
    as_holder("second")
    with django_assert_num_queries(1) as asked:
        assert not acquire("work", now=NOW, seconds=60)
    assert asked[0]["sql"].startswith("SELECT")


def test_a_holder_is_named_as_long_as_the_lease_runs(as_holder):
    assert holder("work", now=NOW, seconds=60) == ""
    as_holder("first")
    acquire("work", now=NOW, seconds=60)
    assert holder("work", now=NOW + timedelta(seconds=59), seconds=60) == "first"
    assert holder("work", now=NOW + timedelta(seconds=60), seconds=60) == ""
    release("work")
    assert holder("work", now=NOW, seconds=60) == ""
