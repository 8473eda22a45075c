"""A user or a session is forgotten: in every table, every text and every archive; a receipt stays."""

import json
import shutil
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings

from tests.interactions.conftest import poster
from tests.interactions.retention.conftest import HANDBOOK, NOW, facts, folder_storage, keep, known_of, send_day, settle

CANARY = "canary7f3a"


@pytest.fixture(scope="module")
def songs(two_months, key, tmp_path_factory, django_db_blocker):
    """The archive of the shop in which the canary sang, made once for the file."""
    folder = tmp_path_factory.mktemp("songs") / "archive"
    archive = override_settings(STORAGES={**settings.STORAGES, "archive": folder_storage(folder)})
    with archive, django_db_blocker.unblock():
        sing(poster(key))
    return folder


@pytest.fixture
def sung(songs, shop, archive):
    shutil.copytree(songs, archive)
    return shop


def sing(send):
    """The canary is a user with texts in old and new traces, whose neighbours in the blocks are others."""
    for place, age in ((20, 33), (21, 2)):
        at = NOW - timedelta(days=age)
        send_day(send, place, at)
        trace = f"{place:032x}"
        base = {"span_id": "c" * 16, "name": "s", "kind": "llm", "started_at": at.isoformat(), "duration_ms": 1}
        spans = [
            {**base, "trace_id": trace, "input": f"I am {CANARY}", "output": f"hello {CANARY}", "user_id": CANARY,
             "attributes": {CANARY: CANARY}, "documents": [{"text": known_of(CANARY)}]},
            {**base, "trace_id": "9" * 30 + str(place), "input": "a neighbour"},
        ]  # fmt: skip
        send("/api/v1/spans", spans)
        event = {"type": "click", "occurred_at": at.isoformat(), "data": {"by": CANARY}}
        send("/api/v1/events", [{**event, "user_id": CANARY}, {**event, "data": {"said": CANARY}, "trace_id": trace}])
        send(
            "/api/v1/interactions",
            {"query": CANARY, "user_id": CANARY, "asked_at": at.isoformat(), "metadata": {"a": CANARY}},
        )
    keep()


def dumped() -> str:
    """Every value of every table as text, blobs unpacked where they are texts."""
    from interactions.models import Payload
    from interactions.payloads.read import contents_of

    found = []
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [repr(row) for row in cursor.fetchall()]
    found += shared()
    found.append(json.dumps(contents_of(Payload.objects.values_list("id", flat=True))))
    return "\n".join(found)


def shared() -> list[str]:
    from interactions.models import SharedText
    from interactions.payloads.frames import unpack_shared

    return [unpack_shared(body).decode() for body in SharedText.objects.values_list("body", flat=True)]


def archived(archive) -> str:
    import pyarrow.parquet as pq

    return "\n".join(repr(pq.read_table(path).to_pylist()) for path in archive.rglob("*.parquet"))


def erase(*words: str) -> dict:
    out = StringIO()
    call_command("erase", "--project", "shop", *words, stdout=out)
    return json.loads(out.getvalue())


def test_nothing_of_a_user_is_left_in_a_dump_or_an_archive(sung, archive, read):
    assert CANARY in dumped()
    assert CANARY in archived(archive)
    assert {HANDBOOK, known_of(CANARY)} <= set(shared())
    before = facts()
    receipt = erase("--user", CANARY)
    assert receipt["status"] == "done"
    assert HANDBOOK in shared()
    assert receipt["counts"] == {
        "spans": 1, "interactions": 2, "events": 2,
        "archived spans": 1, "archived interactions": 2, "archived events": 2,
    }  # fmt: skip
    assert CANARY not in dumped()
    assert CANARY not in archived(archive)
    assert CANARY not in json.dumps(receipt)
    assert facts() == {
        "interactions": before["interactions"] - 2,
        "spans": before["spans"] - 1,
        "events": before["events"] - 2,
    }
    assert read("/api/v1/traces/" + "9" * 30 + "21")[1]["spans"][0]["input"] == "a neighbour"
    call_command("archive", "verify", stdout=StringIO(), stderr=StringIO())


def test_a_dry_run_counts_what_goes_and_takes_nothing(sung):
    from interactions.models import Erasure

    before = facts()
    out, err = StringIO(), StringIO()
    call_command("erase", "--project", "shop", "--user", CANARY, "--dry-run", stdout=out)
    assert "would go: 2 archived events, 2 archived interactions, 1 archived spans, 2 events, 2 interactions, 1 spans" in (
        out.getvalue()
    )
    call_command("erase", "--project", "shop", "--user", "nobody", "--dry-run", stdout=err)
    assert err.getvalue() == "Nothing was found for user nobody in shop.\n"
    assert facts() == before
    assert not Erasure.objects.exists()


def test_an_erasure_of_nobody_says_so(sung):
    said = StringIO()
    call_command("erase", "--project", "shop", "--user", "nobody", stdout=StringIO(), stderr=said)
    assert "Nothing was found for user nobody in shop." in said.getvalue()


def test_what_can_still_be_counted_again_is(sung):
    from django.db.models import Sum

    from observatory.metrics.models import Bucket1m, Bucket30d

    def spans(level):
        return level.objects.filter(series__metric="spans.duration", series__project=sung).aggregate(n=Sum("n"))["n"]

    before = spans(Bucket1m), spans(Bucket30d)
    erase("--user", CANARY)
    settle()
    # The old span went into the archive, and its number into history: that says nothing of who it was.
    assert (spans(Bucket1m), spans(Bucket30d)) == (before[0] - 1, before[1] - 1)


def test_a_session_goes_alone(sung):
    before = facts()
    assert erase("--session", "session-5-1")["counts"] == {"spans": 2, "interactions": 1}
    assert facts()["spans"] == before["spans"] - 2


def test_the_receipt_holds_a_hash_and_no_id(sung):
    from interactions.erasure.requests import hash_of
    from interactions.models import Erasure

    receipt = erase("--user", "user-1")
    row = Erasure.objects.get()
    assert (row.subject, row.subject_hash) == ("", hash_of("user-1"))
    assert receipt["requested_by"] == "command"


def test_a_legal_hold_refuses_with_its_reason(sung):
    sung.is_held, sung.hold_reason = True, "Case 7 of 2024"
    sung.save()
    before = facts()
    with pytest.raises(CommandError, match=r"legal hold.*Case 7 of 2024"):
        erase("--user", CANARY)
    assert facts() == before


def test_a_hold_that_comes_between_refuses_what_waits(sung):
    from interactions.erasure.requests import request_erasure
    from interactions.erasure.run import erase_waiting

    row = request_erasure(project=sung, kind="user", subject=CANARY, by="test", now=NOW)
    sung.is_held, sung.hold_reason = True, "Case 8"
    sung.save()
    erase_waiting(now=NOW)
    row.refresh_from_db()
    assert (row.status, row.subject, "legal hold" in row.reason) == ("refused", "", True)


def test_restored_facts_are_erased_too(sung):
    call_command("archive", "restore", "--project", "shop", stdout=StringIO())
    settle()
    erase("--user", CANARY)
    assert CANARY not in dumped()


class TestApi:
    @pytest.fixture
    def manage(self, sung):
        from observatory.projects.keys import create_key

        key = create_key(project=sung, scopes=["manage"])[1]
        return lambda method, path, body=None: Client().generic(
            method, path, json.dumps(body), content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {key}"
        )

    def test_asked_for_carried_out_by_the_worker_and_read(self, manage, archive):
        from interactions.tasks import erase as task

        answer = manage("POST", "/api/v1/erasures", {"user_id": CANARY})
        assert (answer.status_code, answer.json()["status"]) == (202, "waiting")
        assert CANARY not in answer.content.decode()
        task()
        receipt = manage("GET", f"/api/v1/erasures/{answer.json()['id']}").json()
        assert (receipt["status"], receipt["counts"]["spans"]) == ("done", 1)
        assert CANARY not in dumped()

    @pytest.mark.parametrize(
        "body",
        [
            {},
            [],
            {"user_id": ""},
            {"user_id": 7},
            {"user_id": "a", "session_id": "b"},
            {"user_id": "a\0"},
            {"user_id": "\ud800"},
            {"id": "a"},
        ],
    )
    def test_what_names_nobody_is_refused(self, manage, body):
        answer = manage("POST", "/api/v1/erasures", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")

    def test_a_legal_hold_is_a_conflict(self, manage, sung):
        sung.is_held, sung.hold_reason = True, "Case 9"
        sung.save()
        answer = manage("POST", "/api/v1/erasures", {"user_id": CANARY})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "legal_hold")
        assert "Case 9" in answer.json()["error"]["reason"]

    def test_what_is_not_there_is_not_found(self, manage):
        assert manage("GET", "/api/v1/erasures/9").status_code == 404
        assert manage("GET", f"/api/v1/erasures/{10**30}").status_code == 404


def test_owners_ask_on_the_screen_and_see_the_receipt(sung, client, django_user_model):
    from interactions.models import Erasure

    client.force_login(django_user_model.objects.create_superuser("root"))
    wish = {"project": sung.pk, "kind": "user", "subject": CANARY}
    asked = client.post("/admin/interactions/erasure/add/", wish)
    assert asked.context_data["found"].counts == {"spans": 1, "interactions": 2, "events": 2}
    assert not Erasure.objects.exists()
    unknown = client.post("/admin/interactions/erasure/add/", {**wish, "subject": "nobody"}).content.decode()
    assert "Nothing was found for the user" in unknown
    client.post("/admin/interactions/erasure/add/", {**wish, "confirmed": "yes"})
    row = Erasure.objects.get()
    assert (row.subject, row.requested_by) == (CANARY, "user root")
    for page in ("", f"{row.pk}/change/", f"{row.pk}/history/"):
        assert CANARY not in client.get(f"/admin/interactions/erasure/{page}").content.decode()
    sung.is_held, sung.hold_reason = True, "Case 10"
    sung.save()
    answer = client.post("/admin/interactions/erasure/add/", wish)
    assert "Case 10" in answer.content.decode()
    assert Erasure.objects.count() == 1
