"""What one project or file does to retention stays its own, and is seen."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from tests.interactions.retention.conftest import NOW, facts, send_day, settle


@pytest.fixture
def damaged(shop, archive, send):
    """A file of spans is gone, and late facts came for its day."""
    from interactions.retention.run import retain

    retain(now=NOW - timedelta(days=20))
    for path in archive.rglob("spans/*.parquet"):
        path.unlink()
    send_day(send, 30, NOW - timedelta(days=55))
    settle()
    return shop


def test_a_missing_file_holds_up_its_day_alone_and_is_noted(damaged, client, django_user_model):
    from interactions.retention.run import retain
    from observatory.metrics.models import JobFailure

    retain(now=NOW)
    assert facts() == {"interactions": 4 * 3, "spans": 6 * 4, "events": 2 * 3}
    failure = JobFailure.objects.get()
    assert (failure.project, failure.job, failure.part) == (damaged, "retention", "spans")
    assert "is not in the archive" in failure.error
    client.force_login(django_user_model.objects.create_superuser("root"))
    assert "is not in the archive" in client.get("/admin/metrics/series/health/?project=shop").content.decode()


def test_once_the_file_is_forgotten_it_goes_on(damaged, archive):
    from interactions.archive.files import forget_missing
    from interactions.retention.run import retain
    from observatory.metrics.models import JobFailure

    retain(now=NOW)
    assert len(forget_missing(damaged)) == 1
    retain(now=NOW)
    assert facts()["spans"] == 6 * 3
    assert not JobFailure.objects.exists()


def test_metrics_are_thinned_whatever_happens_to_facts(shop, monkeypatch):
    from interactions import tasks

    thinned = []

    def fail(**kwargs):
        raise RuntimeError("no")

    monkeypatch.setattr(tasks, "retain", fail)
    monkeypatch.setattr(tasks, "thin", lambda **kwargs: thinned.append(1))
    with pytest.raises(RuntimeError):
        tasks.retention()
    assert thinned == [1]


def test_a_project_may_keep_its_facts_for_good(shop):
    from interactions.retention.run import retain
    from observatory.projects.models import MAX_RETENTION_DAYS

    shop.retention_days = 1_000_000  # as it may have been stored before there was a limit
    shop.save()
    before = facts()
    retain(now=NOW)
    assert facts() == before
    with pytest.raises(ValidationError, match=str(MAX_RETENTION_DAYS)):
        shop.full_clean()
