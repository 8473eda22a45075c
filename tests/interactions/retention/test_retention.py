"""Raw facts go when they are old: archived first, with all that hangs on them, and no number changes."""

from datetime import timedelta

import pytest

from tests.interactions.retention.conftest import DAYS, NOW, facts, numbers, send_day, settle, span


@pytest.fixture
def retain():
    from interactions.retention.run import retain

    return lambda now=NOW, **more: retain(now=now, **more)


def test_what_is_older_than_thirty_days_goes_by_whole_days(shop, retain):
    before = numbers(shop)
    old = sum(1 for age in DAYS if age > 30)
    retain()
    assert facts() == {"interactions": 4 * 3, "spans": 6 * 3, "events": 2 * 3}
    assert len(DAYS) - old == 3  # the day that is exactly thirty days old is not yet over thirty days old
    settle()
    assert numbers(shop) == before


def test_texts_words_and_blocks_go_with_their_rows(shop, retain):
    from django.db import connection

    from interactions.models import Payload
    from interactions.search import TABLE

    blocks = Payload.objects.count()
    retain()
    assert Payload.objects.count() == blocks // 2
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {TABLE}")
        assert cursor.fetchone()[0] == 4 * 3


def test_a_block_keeps_the_texts_of_those_that_stay(shop, send, read, retain):
    from interactions.models import Payload
    from interactions.payloads.read import contents_of

    early, late = NOW - timedelta(days=31), NOW - timedelta(days=2)
    base = {"span_id": "c" * 16, "name": "s", "kind": "llm", "duration_ms": 1}
    spans = [
        {**base, "trace_id": "e" * 32, "started_at": early.isoformat(), "input": "early bird"},
        {**base, "trace_id": "f" * 32, "started_at": late.isoformat(), "input": "late bird"},
    ]
    send("/api/v1/spans", spans)
    settle()
    retain()
    contents = contents_of(Payload.objects.values_list("id", flat=True))
    assert contents
    assert not any("e" * 32 in content for content in contents.values())
    assert read("/api/v1/traces/" + "f" * 32)[1]["spans"][0]["input"] == "late bird"


def test_texts_that_traces_share_go_with_the_last_of_them(shop, retain):
    from interactions.models import SharedText, SharedTextUse

    shared = SharedText.objects.count()
    assert shared >= 3  # what every trace is told, and what is known of two users
    retain()
    assert SharedText.objects.count() == shared
    retain(NOW + timedelta(days=60))
    assert not SharedText.objects.exists()
    assert not SharedTextUse.objects.exists()


@pytest.mark.parametrize("waits", ["trace", "minute", "failed minute"])
def test_nothing_goes_before_its_numbers_are_committed(shop, send, retain, waits):
    from interactions.models import StaleTrace
    from observatory.metrics.models import StaleBucket
    from observatory.metrics.staleness import mark

    retain(NOW - timedelta(days=10))
    left = facts()
    at = NOW - timedelta(days=31)
    if waits == "trace":
        StaleTrace.objects.create(project=shop, trace_id=f"{17:032x}", marked_at=NOW)
    else:
        mark([(shop.id, name, at.timestamp()) for name in ("spans", "interactions", "events")], now=NOW)
        StaleBucket.objects.update(error="" if waits == "minute" else "ValueError: no")
    done = retain()
    assert done.waiting > 0
    assert facts()["interactions"] == left["interactions"]
    StaleTrace.objects.all().delete()
    StaleBucket.objects.all().delete()
    retain()
    assert facts()["interactions"] == 4 * 3


def test_a_legal_hold_stops_it(shop, retain):
    shop.is_held, shop.hold_reason = True, "Case 7"
    shop.save()
    before = facts()
    assert retain().rows == 0
    assert facts() == before


def test_a_project_may_keep_more_or_less(shop, retain):
    shop.retention_days = 2
    shop.save()
    retain()
    assert facts() == {"interactions": 0, "spans": 0, "events": 0}


def test_beyond_its_gigabytes_the_oldest_days_go_first(shop, retain, monkeypatch):
    from interactions.raw_data.kinds import KINDS
    from interactions.retention import limits

    monkeypatch.setattr(limits, "bytes_a_row", lambda kind, sizes=None: 0.6e9)
    shop.retention_gb, shop.retention_days = 5, 90
    shop.save()
    # 24 interactions of 0.6 GB: the last 8 fit into 5 GB, which are two days.
    assert limits.cutoff(shop, KINDS["interactions"], now=NOW).date() == (NOW - timedelta(days=29)).date()
    retain()
    assert facts()["interactions"] == 4 * 2


def test_late_facts_count_once_and_go_too(shop, send, retain):
    before = numbers(shop)
    retain()
    send_day(send, 9, NOW - timedelta(days=40))
    settle()
    after = numbers(shop)
    retain()
    assert facts() == {"interactions": 4 * 3, "spans": 6 * 3, "events": 2 * 3}
    settle()
    assert numbers(shop) == after
    assert before != after


@pytest.mark.parametrize("shift", [timedelta(hours=-1), timedelta(hours=1)])
def test_a_clock_an_hour_wrong_moves_no_window(shop, retain, shift):
    before = numbers(shop)
    retain(NOW + shift)
    retain(NOW)
    settle()
    assert facts()["spans"] == 6 * 3
    assert numbers(shop) == before


def test_a_future_dated_fact_goes_when_its_time_has_come(shop, send, retain):
    at = NOW + timedelta(days=100)
    send_day(send, 9, at)
    settle()
    retain()
    assert facts()["spans"] == 6 * 4
    retain(at + timedelta(days=32))
    assert facts()["spans"] == 0


def test_without_an_archive_it_only_deletes(shop, retain, archive, settings):
    settings.OBSERVATORY = {**settings.OBSERVATORY, "OBSERVATORY_ARCHIVE_DIR": "none"}
    retain()
    assert facts()["spans"] == 6 * 3
    assert not archive.exists()


def test_every_fact_of_a_day_is_read_once_and_hours_without_any_are_passed_over(shop, send, django_assert_num_queries):
    from interactions.raw_data.kinds import KINDS
    from interactions.raw_data.lease import LEASE
    from observatory.core.leases import holding

    day, hour, moment = NOW.replace(hour=0, minute=0) - timedelta(days=10), timedelta(hours=1), timedelta(microseconds=1)
    times = [day, day + hour - moment, day + hour, day + 2 * hour, day + 24 * hour - moment, day + 24 * hour]
    send("/api/v1/spans", [span(f"{place + 900:032x}", at) for place, at in enumerate(times)])
    first_renewal, hours, of_each, of_no_next = 1, 4, 3, 1
    with holding(LEASE, seconds=60), django_assert_num_queries(first_renewal + hours * of_each + of_no_next):
        found = [row[0] for row in KINDS["spans"].read(shop.pk, day, day + 24 * hour)]
    assert found == times[:-1]


def test_tables_are_weighed_once_a_run(shop, retain, monkeypatch):
    from interactions.retention import run

    calls = []
    weigh = run.table_sizes
    monkeypatch.setattr(run, "table_sizes", lambda: calls.append(1) or weigh())
    assert retain().rows
    assert len(calls) == 1


def test_tables_that_cannot_be_weighed_are_noted_for_each_kind(shop, retain, monkeypatch):
    from interactions.raw_data.kinds import KINDS
    from interactions.retention import run
    from observatory.metrics.models import JobFailure

    monkeypatch.setattr(run, "table_sizes", {}.popitem)
    assert not retain().rows
    assert set(JobFailure.objects.values_list("part", flat=True)) == set(KINDS)
