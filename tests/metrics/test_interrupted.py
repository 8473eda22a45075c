"""A roll-up and a digest that die at any statement: a rerun gives what an undisturbed run gives."""

from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count

import pytest
from django.db import connection
from django.utils import timezone

from interactions.digest.run import digest_until_empty
from interactions.ingest.native.batch import parse_all
from interactions.ingest.native.span import parse_span
from interactions.ingest.store import store
from interactions.models import Interaction, StaleTrace
from observatory.core.models import Lease
from observatory.metrics.models import Series, StaleBucket
from observatory.metrics.rollup import run
from observatory.metrics.rollup.run import roll_up
from tests.metrics.test_same_bytes import tables

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

FIRST = 3  # those before write the marks
AT = int(datetime(2026, 2, 28, 23, 58, tzinfo=UTC).timestamp())


class Killed(BaseException):
    """Not an Exception: nothing may catch it and go on."""


@contextmanager
def dying_at(statement):
    """From the given statement on, the process is dead to the database."""
    number = count()

    def execute(run, *arguments):
        if next(number) >= statement:
            raise Killed
        return run(*arguments)

    with connection.execute_wrapper(execute):
        yield


def die(work, statement):
    """Whether the work died before it was done. Its open transaction is gone, its lease runs out."""
    try:
        with dying_at(statement):
            work()
    except Killed:
        connection.close()
        Lease.objects.all().delete()
        return True
    return False


@pytest.mark.parametrize(("little", "statements"), [(0, 40), (run.LITTLE, 20)], ids=["level by level", "all at once"])
def test_a_roll_up_may_die_anywhere(shop, facts, roll, monkeypatch, little, statements):
    facts.update({number: (AT + number * 50, "ab"[number % 2], number * 10, "ann") for number in range(8)})
    roll()
    wanted = tables()
    Series.objects.all().delete()
    monkeypatch.setattr(run, "LITTLE", little)
    for statement in count(FIRST):
        if not die(roll, statement):
            break
        roll_up(now=timezone.now())
        assert (tables(), StaleBucket.objects.count()) == (wanted, 0), f"killed at statement {statement}"
        Series.objects.all().delete()
    assert statement > statements


def test_a_digest_may_die_anywhere(shop):
    def send():
        now = datetime(2026, 3, 1, tzinfo=UTC)
        spans = [
            {"trace_id": f"{number % 3:032x}", "span_id": f"{number + 1:016x}", "name": "call", "kind": "llm",
             "started_at": AT + number, "duration_ms": 5, "model": "gpt-4o-mini", "input_tokens": 100}
            for number in range(6)
        ]  # fmt: skip
        placed, refusals = parse_all(spans, parse_span, now=now)
        store(project_id=shop.id, signal="spans", now=now, records=[record for _, record in placed], refusals=refusals)

    def derived():
        rows = Interaction.objects.order_by("interaction_id").values_list(
            "interaction_id", "asked_at", "input_tokens", "cost_usd", "span_count"
        )
        minutes = StaleBucket.objects.filter(source__in=["interactions", "spans"]).values_list("source", "start")
        return list(rows), sorted(set(minutes))

    send()
    digest_until_empty()
    wanted = derived()
    for statement in count(1):
        Interaction.objects.all().delete()
        StaleBucket.objects.all().delete()
        StaleTrace.objects.bulk_create(
            StaleTrace(project=shop, trace_id=f"{number:032x}", marked_at=timezone.now()) for number in range(3)
        )
        if not die(digest_until_empty, statement):
            break
        digest_until_empty()
        assert (derived(), StaleTrace.objects.count()) == (wanted, 0), f"killed at statement {statement}"
    assert statement > 15
