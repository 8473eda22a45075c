"""An erasure finds every trace that names its subject, wherever it is named, and says so if it cannot."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.interactions.retention.conftest import NOW, erase_waiting, keep, request_one, span
from tests.interactions.retention.test_erasure import CANARY, archived, dumped, erase

TRACE = "7" * 32
DAY = timedelta(days=1)


@pytest.fixture(params=["in the database", "in the archive"])
def when(request):
    """A moment whose facts are in the database, or in the archive after `keep`."""
    return NOW - (DAY if request.param == "in the database" else 40 * DAY)


def test_spans_behind_a_native_interaction_that_names_nobody(shop, send, archive, when):
    send("/api/v1/spans", [span(TRACE, when, input=f"I am {CANARY}", user_id=CANARY)])
    send("/api/v1/interactions", {"query": "q", "trace_id": TRACE, "asked_at": when.isoformat()})
    keep()
    assert CANARY in dumped() + archived(archive)
    assert erase("--user", CANARY)["status"] == "done"
    assert CANARY not in dumped() + archived(archive)


@pytest.mark.parametrize("kind", ["user", "session"])
def test_the_second_user_or_session_of_a_trace(shop, send, archive, when, kind):
    first = span(TRACE, when, **{f"{kind}_id": "first"})
    second = span(TRACE, when + timedelta(seconds=1), "d" * 16, input=f"I am {CANARY}", **{f"{kind}_id": CANARY})
    send("/api/v1/spans", [first, second])
    keep()
    erase(f"--{kind}", CANARY)
    assert CANARY not in dumped() + archived(archive)


def test_an_id_that_is_longer_than_is_kept(shop, send, archive, when):
    from interactions.digest.run import digest_until_empty

    shop.refresh_from_db()
    kept, whole = "é" * 124 + '"\\\t\n', "é" * 124 + '"\\\t\n'
    send("/api/v1/spans", [span(TRACE, when, user_id="first"), span(TRACE, when, "d" * 16, input=CANARY, user_id=whole)])
    digest_until_empty()
    keep()
    erase("--user", kept)
    assert CANARY not in dumped() + archived(archive)


def test_a_trace_that_waits_for_its_digest_is_found(shop, send):
    span = {"trace_id": "7" * 32, "span_id": "c" * 16, "name": "s", "kind": "llm", "duration_ms": 1, "user_id": CANARY}
    send("/api/v1/spans", span)
    assert erase("--user", CANARY)["counts"] == {"spans": 1, "interactions": 1}
    assert CANARY not in dumped()


def test_a_trace_that_the_digest_gave_up(shop, send, archive):
    from interactions.models import StaleTrace

    send("/api/v1/spans", [span(TRACE, NOW - DAY, input=f"I am {CANARY}", user_id=CANARY)])
    StaleTrace.objects.update(failures=5, error="ValueError: no")
    erase("--user", CANARY)
    assert CANARY not in dumped()
    assert not StaleTrace.objects.exists()


def test_what_a_killed_digest_left_undone(shop, send, archive):
    from observatory.core.models import Lease

    send("/api/v1/spans", [span(TRACE, NOW - DAY, input=f"I am {CANARY}", user_id=CANARY)])
    Lease.objects.create(name="digest", owner="killed", until=timezone.now() + timedelta(seconds=1))
    erase("--user", CANARY)
    assert CANARY not in dumped()


def test_while_another_digests_for_long_it_waits_and_says_so(shop, send, archive, monkeypatch):
    from interactions.erasure import subject
    from interactions.models import Erasure
    from observatory.core.models import Lease

    monkeypatch.setattr(subject, "WAIT_S", 0.0)
    send("/api/v1/spans", [span(TRACE, NOW - DAY, user_id=CANARY)])
    Lease.objects.create(name="digest", owner="another", until=timezone.now() + timedelta(seconds=50))
    with pytest.raises(CommandError, match="lease digest; the erasure waits for the worker"):
        erase("--user", CANARY)
    assert Erasure.objects.get().status == "waiting"
    Lease.objects.all().delete()
    assert erase_waiting() == 1


def test_spans_whose_interaction_went_before_them_for_its_age(shop, send, archive, settings):
    settings.OBSERVATORY = {**settings.OBSERVATORY, "OBSERVATORY_ARCHIVE_DIR": "none"}
    midnight = datetime(2024, 2, 19, tzinfo=UTC)  # what is older goes
    early, late = midnight - timedelta(seconds=1), midnight + timedelta(seconds=1)
    send("/api/v1/spans", [span(TRACE, early, user_id=CANARY), span(TRACE, late, "d" * 16, "c" * 16, input=CANARY)])
    keep()
    assert CANARY in dumped()
    assert erase("--user", CANARY)["counts"] == {"spans": 1}
    assert CANARY not in dumped()


def test_what_is_being_restored_is_not_erased_meanwhile(shop, send, archive, monkeypatch):
    """Else the restoration would store what the erasure had just taken."""
    from interactions.archive import restore
    from interactions.erasure import run
    from observatory.core import leases

    send("/api/v1/interactions", {"query": CANARY, "user_id": CANARY, "asked_at": (NOW - 40 * DAY).isoformat()})
    keep()
    monkeypatch.setattr(run, "WAIT_S", 0.0)
    row, real, owner = request_one(shop, subject=CANARY), restore.store, leases.owner_name

    def store_while_another_erases(**kwargs):
        monkeypatch.setattr(leases, "owner_name", lambda: "the worker")
        assert erase_waiting() == 0
        monkeypatch.setattr(leases, "owner_name", owner)
        return real(**kwargs)

    monkeypatch.setattr(restore, "store", store_while_another_erases)
    call_command("archive", "restore", "--project", "shop", stdout=StringIO())
    monkeypatch.setattr(restore, "store", real)
    assert CANARY in dumped()
    assert erase_waiting() == 1
    row.refresh_from_db()
    assert row.status == "done"
    assert CANARY not in dumped() + archived(archive)


def test_a_file_that_was_erased_from_since_it_was_listed_is_read_anew(shop, send, archive):
    from interactions.archive.restore import restore_file, restored_project
    from interactions.models import ArchiveFile

    send("/api/v1/interactions", {"query": CANARY, "user_id": CANARY, "asked_at": (NOW - 40 * DAY).isoformat()})
    keep()
    listed, target = list(ArchiveFile.objects.all()), restored_project(shop, "back")
    erase("--user", CANARY)
    for file in listed:
        restore_file(file, target, now=NOW)
    assert CANARY not in dumped()


@pytest.mark.parametrize("model", ["Interaction", "Event"])
@pytest.mark.parametrize("kind", ["user", "session"])
def test_rows_of_a_subject_are_found_by_an_index(shop, send, store, model, kind):
    from django.db import connection

    from interactions import models
    from interactions.erasure.subject import Subject

    erasure = models.Erasure(project=shop, kind=kind, subject="x")
    rows = getattr(models, model).objects.filter(Subject(erasure, [shop]).theirs, project=shop)
    if store == "postgresql":  # it chooses by what lies in the table
        many = [{"query": "q", "type": "t", "user_id": f"u{number}", "session_id": f"s{number}"} for number in range(500)]
        send(f"/api/v1/{model.lower()}s", many)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {getattr(models, model)._meta.db_table}")
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert f"{model.lower()}_by_{kind}" in rows.explain()
