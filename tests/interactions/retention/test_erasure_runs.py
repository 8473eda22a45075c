"""An erasure that cannot be carried out says so, waits, and stops no other."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.interactions.retention.conftest import NOW, erase_waiting, facts, keep, request_one
from tests.interactions.retention.test_erasure import archived, dumped, erase


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
    from interactions.models import SharedText
    from observatory.projects.models import Project

    monkeypatch.setattr(erasing, "TRACES_AT_ONCE", 1)
    real, calls = erasing.remove, []

    def held_after_the_first(*args):
        calls.append(args)
        Project.objects.filter(pk=shop.pk).update(is_held=True, hold_reason="Case 10")
        real(*args)

    monkeypatch.setattr(erasing, "remove", held_after_the_first)
    needed = set(SharedText.objects.values_list("id", flat=True))
    SharedText.objects.create(project=shop, digest=b"of what had gone", body=b"")
    row, before = request_one(shop), facts()
    erase_waiting()
    row.refresh_from_db()
    assert (row.status, row.counts, "Case 10" in row.reason) == ("refused", {"spans": 2, "interactions": 1}, True)
    assert facts()["spans"] == before["spans"] - 2
    assert set(SharedText.objects.values_list("id", flat=True)) == needed != set()


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
