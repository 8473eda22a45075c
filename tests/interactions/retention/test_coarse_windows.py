"""Facts whose minutes are no more, folded into others or thinned, go whole and stay counted once."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from observatory.core.moments import FIRST
from tests.interactions.retention.conftest import NOW, facts, numbers, send_day, settle

LAST_SECOND = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_counts_that_were_folded_into_another_minute(project, archive):
    from django.db.models import Sum

    from interactions.digest.fold import fold_outcomes
    from interactions.models import IngestOutcome
    from interactions.retention.run import retain
    from observatory.metrics.levels import LEVELS
    from observatory.metrics.rollup.rebuild import mark_all_stale
    from observatory.metrics.rollup.run import roll_up
    from observatory.metrics.staleness import mark
    from observatory.metrics.thinning import thin

    def total():
        rows = LEVELS[-1].rows.filter(series__project=project, series__metric="ingest.records")
        return rows.aggregate(total=Sum("total"))["total"]

    at = datetime(2024, 2, 18, 23, 20, tzinfo=UTC)  # the last hour of the day that goes
    for place in range(4):
        moment = at + timedelta(minutes=place * 8)
        IngestOutcome.objects.create(project=project, signal="spans", outcome="stored", records=10, counted_at=moment)
        mark([(project.pk, "outcomes", moment.timestamp())], now=moment)
    roll_up(now=at + timedelta(hours=1))
    fold_outcomes(now=at + timedelta(days=3))
    assert IngestOutcome.objects.get().counted_at == at.replace(minute=0)
    night = datetime(2024, 3, 20, 0, 10, tzinfo=UTC)
    thin(now=night - timedelta(hours=1))
    retain(now=night)
    for hours in (0, 1):
        thin(now=night + timedelta(hours=hours))
    mark_all_stale()
    roll_up(now=night + timedelta(hours=2))
    assert (IngestOutcome.objects.count(), total()) == (0, 40)


def test_counts_are_not_folded_away_from_a_minute_that_will_be_recomputed(project):
    from interactions.digest.fold import fold_outcomes
    from interactions.models import IngestOutcome
    from observatory.metrics.models import StaleBucket
    from observatory.metrics.staleness import mark

    at = NOW - timedelta(days=5)
    IngestOutcome.objects.create(project=project, signal="spans", outcome="stored", records=1, counted_at=at, is_folded=True)
    mark([(project.pk, "outcomes", at.timestamp())], now=at)
    StaleBucket.objects.update(error="ValueError: no")
    fold_outcomes(now=NOW)
    assert IngestOutcome.objects.get().counted_at == at


def test_windows_of_a_day_a_year_ago_are_those_that_are_left(project, archive, send):
    """Facts of two years ago are rolled up into 30 days at once; they go by 30 days, whole."""
    from interactions.retention.run import retain

    send_day(send, 1, datetime(2022, 2, 28, 23, 59, tzinfo=UTC))
    settle()
    before = numbers(project)
    retain(now=NOW)
    assert facts() == {"interactions": 0, "spans": 0, "events": 0}
    settle()
    assert numbers(project) == before


@pytest.mark.parametrize(("at", "is_kept"), [(FIRST, False), (FIRST + timedelta(days=40), False), (LAST_SECOND, True)])
def test_what_an_older_version_took_at_the_ends_of_time_is_counted_and_goes(project, archive, admin_client, at, is_kept):
    """Nothing of it may fail: neither roll-up nor days of users, rebuild, pages or retention."""
    from interactions.digest.user_days import refresh
    from interactions.ingest.native.reader import EPOCH, MICROSECOND
    from interactions.ingest.records import InteractionRecord
    from interactions.ingest.store import store
    from interactions.models import UserDay
    from interactions.retention.run import retain
    from observatory.metrics.failures import job_failures
    from observatory.metrics.health import retry_failed
    from observatory.metrics.levels import LEVELS
    from observatory.metrics.models import StaleBucket
    from observatory.metrics.rollup.rebuild import mark_all_stale

    microseconds = (at - EPOCH) // MICROSECOND
    record = InteractionRecord(uuid.uuid4(), "f" * 32, microseconds, 0, user_id="ann", texts={"query": "q", "answer": "a"})
    store(project_id=project.pk, signal="interactions", now=NOW, records=[record], refusals=[])
    settle()
    StaleBucket.objects.create(  # as the older version left it
        project=project, source="interactions", level=0, start=int(at.timestamp()) // 60 * 60, marked_at=NOW, error="year"
    )
    assert admin_client.get("/admin/metrics/series/health/?project=shop").status_code == 200
    assert retry_failed(project.pk) == 1
    settle()
    assert not StaleBucket.objects.exists()
    assert refresh() == 1
    assert list(UserDay.objects.values_list("day", flat=True)) == [at.date()]
    retain(now=NOW)
    assert not job_failures(project.pk)
    assert facts()["interactions"] == is_kept
    mark_all_stale()
    settle()
    assert not StaleBucket.objects.exists()
    assert LEVELS[-1].rows.get(series__metric="interactions.count").n == 1
    assert admin_client.get("/admin/metrics/series/health/?project=shop").status_code == 200
