"""An erasure finds every trace that names its subject, wherever it is named, and says so if it cannot."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.interactions.retention.conftest import NOW, facts, settle, span
from tests.interactions.retention.test_erasure import CANARY, archived, dumped, erase

TRACE = "7" * 32
DAY = timedelta(days=1)


@pytest.fixture(params=["in the database", "in the archive"])
def when(request):
    """A moment whose facts are in the database, or in the archive after `keep`."""
    return NOW - (DAY if request.param == "in the database" else 40 * DAY)


def keep():
    from interactions.retention.run import retain

    settle()
    retain(now=NOW)


def request_one(project, **kwargs):
    from interactions.erasure.requests import request_erasure

    return request_erasure(**{"project": project, "kind": "user", "subject": "user-1", "by": "test", "now": NOW, **kwargs})


def erase_waiting():
    from interactions.erasure.run import erase_waiting as run

    return run(now=NOW)


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


def test_a_held_restoration_refuses_before_anything_goes(shop, archive):
    from observatory.projects.models import Project

    row = request_one(shop)
    Project.objects.create(slug="back", name="Back", restored_from=shop, is_held=True, hold_reason="Case 9")
    before = facts()
    erase_waiting()
    row.refresh_from_db()
    assert (row.status, row.counts, "Case 9" in row.reason) == ("refused", {}, True)
    assert facts() == before


def test_a_hold_that_comes_in_the_middle_stops_the_rest(shop, archive, monkeypatch):
    from interactions.erasure import facts as erasing
    from observatory.projects.models import Project

    monkeypatch.setattr(erasing, "TRACES_AT_ONCE", 1)
    real, calls = erasing.remove, []

    def held_after_the_first(*args):
        calls.append(args)
        Project.objects.filter(pk=shop.pk).update(is_held=True, hold_reason="Case 10")
        real(*args)

    monkeypatch.setattr(erasing, "remove", held_after_the_first)
    row, before = request_one(shop), facts()
    erase_waiting()
    row.refresh_from_db()
    assert (row.status, row.counts, "Case 10" in row.reason) == ("refused", {"spans": 2, "interactions": 1}, True)
    assert facts()["spans"] == before["spans"] - 2


def test_a_missing_file_of_one_project_stops_no_other_and_is_seen(shop, archive):
    from observatory.projects.models import Project

    keep()
    next(archive.rglob("interactions/*.parquet")).unlink()
    other = Project.objects.create(slug="other", name="Other")
    one, two = request_one(shop), request_one(other)
    assert erase_waiting() == 1
    one.refresh_from_db()
    two.refresh_from_db()
    assert two.status == "done"
    assert (one.status, one.subject) == ("waiting", "user-1")
    assert "is not in the archive" in one.reason
    with pytest.raises(CommandError, match="is not in the archive"):
        erase("--user", "user-1")
    call_command("archive", "forget", "--project", "shop", stdout=StringIO(), stderr=StringIO())
    assert erase_waiting() == 1
    one.refresh_from_db()
    assert (one.status, one.reason) == ("done", "")


def test_rows_that_change_meanwhile_are_looked_at_again(shop, archive, monkeypatch):
    from interactions.erasure import facts as erasing
    from interactions.retention.remove import RowsChanged

    real, tries = erasing.remove, []

    def changed(*args):
        tries.append(args)
        if len(tries) < 3:
            raise RowsChanged("spans")
        real(*args)

    monkeypatch.setattr(erasing, "remove", changed)
    assert erase("--user", "user-1")["counts"] == {"spans": 12, "interactions": 6, "events": 6}


def test_rows_that_never_rest_leave_it_waiting_with_the_reason(shop, archive, monkeypatch):
    from interactions.erasure import facts as erasing
    from interactions.retention.remove import RowsChanged

    def changed(*args):
        raise RowsChanged("spans")

    monkeypatch.setattr(erasing, "remove", changed)
    row = request_one(shop)
    assert erase_waiting() == 0
    row.refresh_from_db()
    assert (row.status, row.counts, row.reason) == ("waiting", {}, "Waits, since it failed: RowsChanged: spans")


def test_the_same_wish_twice_is_one_until_it_is_begun(shop):
    from interactions.models import Erasure

    first = request_one(shop)
    assert request_one(shop).pk == first.pk
    assert request_one(shop, kind="session").pk != first.pk
    Erasure.objects.filter(pk=first.pk).update(started_at=NOW)
    assert request_one(shop).pk != first.pk


def test_those_of_a_project_are_carried_out_together(shop, archive, monkeypatch):
    from interactions.erasure import run
    from interactions.models import Erasure

    keep()
    scrubbed = []
    real = run.scrub
    monkeypatch.setattr(run, "scrub", lambda: (scrubbed.append(1), real()))
    for subject in ("user-0", "user-1"):
        request_one(shop, subject=subject)
    before = timezone.now()
    assert erase_waiting() == 2
    assert scrubbed == [1]
    counts = [row.counts for row in Erasure.objects.order_by("id")]
    assert [one["archived spans"] for one in counts] == [12, 6]
    assert all(row.finished_at >= before for row in Erasure.objects.all())
    assert "user-" not in dumped() + archived(archive)


def test_what_the_database_refuses_is_said_and_done_later(shop, archive, monkeypatch):
    from django.db import OperationalError

    from interactions.erasure import run
    from interactions.models import Erasure

    real = run.scrub

    def busy():
        raise OperationalError("the log cannot be emptied while others read")

    monkeypatch.setattr(run, "scrub", busy)
    with pytest.raises(CommandError, match="The erasure waits for the worker, since it failed: the log"):
        erase("--user", "user-1")
    row = Erasure.objects.get()
    assert (row.status, row.subject, row.finished_at) == ("waiting", "", None)
    monkeypatch.setattr(run, "scrub", real)
    assert erase_waiting() == 1


def test_the_screen_refuses_what_a_held_restoration_forbids(shop, client, django_user_model):
    from interactions.models import Erasure
    from observatory.projects.models import Project

    Project.objects.create(slug="back", name="Back", restored_from=shop, is_held=True, hold_reason="Case 11")
    client.force_login(django_user_model.objects.create_superuser("root"))
    wish = {"project": shop.pk, "kind": "user", "subject": "user-1"}
    assert "Case 11" in client.post("/admin/interactions/erasure/add/", wish).content.decode()
    assert not Erasure.objects.exists()


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
def test_rows_of_a_subject_are_found_by_an_index(shop, store, model, kind):
    from django.db import connection

    from interactions import models
    from interactions.erasure.subject import Subject

    erasure = models.Erasure(project=shop, kind=kind, subject="x")
    rows = getattr(models, model).objects.filter(Subject(erasure, [shop]).theirs, project=shop)
    if store == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert f"{model.lower()}_by_{kind}" in rows.explain()
