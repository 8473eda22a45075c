"""Texts that many traces have are kept once a project, as long as one of them needs them, whoever writes meanwhile."""

import threading
import time

import pytest
from django.db import connection, transaction

PASSAGE = " ".join(f"Sentence {number} of the handbook." for number in range(20))
OTHER = PASSAGE.replace("handbook", "appendix")


def span(number: int, *passages: str) -> dict:
    """A span of a trace of its own, whose prompt repeats its passages."""
    return {
        "trace_id": f"{number:032x}", "span_id": "a" * 16, "name": "chat", "kind": "llm", "duration_ms": 1,
        "started_at": "2026-03-01T10:00:00Z", "documents": [{"text": text} for text in passages],
        "input": "Use these:\n" + "\n".join(passages),
    }  # fmt: skip


def shared() -> set[tuple[int, str]]:
    from interactions.models import SharedText
    from interactions.payloads.frames import unpack_shared

    rows = SharedText.objects.values_list("project_id", "body")
    return {(project_id, unpack_shared(body).decode()) for project_id, body in rows}


def contents() -> dict[int, dict]:
    from interactions.models import Payload
    from interactions.payloads.read import contents_of

    return contents_of(Payload.objects.order_by("id").values_list("id", flat=True))


def test_a_passage_that_comes_again_is_kept_once_and_read_everywhere(send, read, project):
    for number in range(4):
        assert send("/api/v1/spans", span(number, PASSAGE, f"{OTHER} {number}"))[0] == 201
    assert shared() == {(project.pk, PASSAGE)}
    for number in range(4):
        (found,) = read(f"/api/v1/traces/{number:032x}")[1]["spans"]
        assert [one["text"] for one in found["documents"]] == [PASSAGE, f"{OTHER} {number}"]
        assert found["input"] == span(number, PASSAGE, f"{OTHER} {number}")["input"]


def test_native_interactions_share_with_traces(send, project):
    send("/api/v1/interactions", {"query": "a", "passages": [{"text": PASSAGE}]})
    send("/api/v1/interactions", {"query": "b", "passages": [{"text": PASSAGE}]})
    send("/api/v1/spans", span(1, PASSAGE))
    assert shared() == {(project.pk, PASSAGE)}
    texts = [texts for content in contents().values() for texts in content.values()]
    assert [one["passages"][0]["text"] for one in texts if "passages" in one] == [PASSAGE, PASSAGE]


def test_what_comes_once_is_not_shared_though_it_is_planned_twice(send, project):
    from interactions.models import SharedText

    send("/api/v1/spans", span(1))
    spans = [span(1), span(2, PASSAGE)]  # the first is known: the request is planned again without it
    assert [one["status"] for one in send("/api/v1/spans", spans)[1]["results"]] == [201, 201]
    assert not SharedText.objects.exists()


def test_a_trace_longer_than_the_window_shares_nothing(send, read, project, monkeypatch):
    from interactions.payloads import frames

    monkeypatch.setattr(frames, "SHARING_BYTES", 10_000)
    passages = [f"{PASSAGE} {number}" for number in range(20)]
    for number in range(2):
        send("/api/v1/spans", span(number, *passages))
    assert shared() == set()
    (found,) = read(f"/api/v1/traces/{1:032x}")[1]["spans"]
    assert [one["text"] for one in found["documents"]] == passages


def test_projects_share_nothing(send, project):
    from observatory.projects.keys import create_key
    from observatory.projects.models import Project
    from tests.interactions.conftest import poster

    other = Project.objects.create(slug="other", name="Other")
    send_other = poster(create_key(project=other, scopes=["ingest"])[1])
    for number in range(2):
        send("/api/v1/spans", span(number, PASSAGE))
        send_other("/api/v1/spans", span(number, PASSAGE))
    assert shared() == {(project.pk, PASSAGE), (other.pk, PASSAGE)}
    project.delete()
    assert shared() == {(other.pk, PASSAGE)}


def test_what_no_block_needs_is_forgotten_and_the_rest_is_not(send, project):
    from interactions.payloads.rewrite import rewrite
    from interactions.payloads.shared import forget_unused

    send("/api/v1/spans", [span(number, PASSAGE, OTHER) for number in range(2)])
    send("/api/v1/spans", [span(2, PASSAGE), span(3, OTHER)])
    assert forget_unused(project.pk) == 0
    before = contents()
    first, second = sorted(before)
    rewrite({first: {}, second: {f"{2:032x}": before[second][f"{2:032x}"]}})
    assert contents() == {second: {f"{2:032x}": before[second][f"{2:032x}"]}}
    assert forget_unused(project.pk) == 1
    assert shared() == {(project.pk, PASSAGE)}
    rewrite({second: {f"{2:032x}": {"a" * 16: {"input": "short"}}}})
    assert forget_unused(project.pk) == 1
    assert (shared(), contents()) == (set(), {second: {f"{2:032x}": {"a" * 16: {"input": "short"}}}})


def test_one_that_was_forgotten_is_kept_again_when_it_comes(send, project):
    from interactions.payloads.rewrite import rewrite
    from interactions.payloads.shared import forget_unused

    send("/api/v1/spans", [span(number, PASSAGE) for number in range(2)])
    rewrite({block: {} for block in contents()})
    forget_unused(project.pk)
    send("/api/v1/spans", span(7, PASSAGE))
    assert shared() == {(project.pk, PASSAGE)}
    assert [list(content) for content in contents().values()] == [[f"{7:032x}"]]


def test_a_block_that_changes_between_two_looks_is_looked_at_again(send, project, monkeypatch):
    from interactions.payloads import read as reading
    from interactions.payloads.rewrite import rewrite
    from interactions.payloads.shared import forget_unused, texts_of

    send("/api/v1/spans", [span(number, PASSAGE) for number in range(2)])
    (block,) = before = contents()
    left = {f"{1:032x}": {"a" * 16: {"input": "short"}}}

    def and_then_it_shrinks(ids):
        monkeypatch.setattr(reading, "texts_of", texts_of)
        rewrite({block: left})
        forget_unused(project.pk)
        return texts_of(ids)

    monkeypatch.setattr(reading, "texts_of", and_then_it_shrinks)
    assert contents() == {block: left} != before


def test_a_text_that_is_gone_for_no_reason_is_said(send):
    from interactions.models import SharedText
    from interactions.payloads.read import TextsMissing

    send("/api/v1/spans", [span(number, PASSAGE) for number in range(2)])
    SharedText.objects.all().delete()
    with pytest.raises(TextsMissing, match="need texts that are not in the store"):
        contents()


@pytest.mark.django_db(transaction=True)
def test_two_that_store_the_same_texts_at_once_keep_them_once(project):
    from interactions.payloads.shared import Use, keep

    texts = [f"text {number}".encode() for number in range(50)]

    def store() -> None:
        with transaction.atomic():
            keep([Use(2, project.pk, texts)])

    with transaction.atomic():
        keep([Use(1, project.pk, texts[::-1])])
        other = Other(store)
    other.join()
    assert shared() == {(project.pk, text.decode()) for text in texts}


def test_new_texts_are_stored_in_one_order(project, monkeypatch):
    """Else two transactions that store the same ones could wait for each other."""
    from interactions.payloads import shared as module
    from interactions.payloads.shared import Use, keep

    monkeypatch.setattr(module, "AT_ONCE", 7)
    asked, upsert = [], module.bulk.upsert

    def noted(model, columns, rows, **more):
        asked.extend(digest for _, digest, _ in rows)
        return upsert(model, columns, rows, **more)

    monkeypatch.setattr(module.bulk, "upsert", noted)
    keep([Use(number, project.pk, [f"text {number} {part}".encode() for part in range(9)]) for number in range(5)])
    assert len(asked) == 45
    assert asked == sorted(asked)


@pytest.mark.django_db(transaction=True)
def test_a_text_is_not_forgotten_under_a_block_that_is_being_written(project):
    """The block is not yet committed, so nobody who looks sees that the text is needed."""
    from interactions.models import SharedTextUse
    from interactions.payloads.shared import Use, forget_unused, keep

    with transaction.atomic():
        keep([Use(1, project.pk, [b"a text"])])
    SharedTextUse.objects.all().delete()  # nobody needs it now
    forgotten = []
    with transaction.atomic():
        keep([Use(2, project.pk, [b"a text"])])
        other = Other(lambda: forgotten.append(forget_unused(project.pk)))
    other.join()
    assert (forgotten, shared()) == ([0], {(project.pk, "a text")})


def test_a_text_that_is_needed_since_the_lists_were_read_is_not_forgotten(project, monkeypatch):
    from interactions.models import SharedTextUse
    from interactions.payloads import shared as module
    from interactions.payloads.shared import Use, forget_unused, keep

    keep([Use(1, project.pk, [b"needed again", b"not needed"])])
    SharedTextUse.objects.all().delete()
    needed, looks = module._needed, []

    def and_then_a_block_comes(uses):
        found = needed(uses)
        if not looks:
            keep([Use(2, project.pk, [b"needed again"])])
        looks.append(found)
        return found

    monkeypatch.setattr(module, "_needed", and_then_a_block_comes)
    assert forget_unused(project.pk) == 1
    assert (len(looks), shared()) == (2, {(project.pk, "needed again")})


class Other(threading.Thread):
    """Does something by a connection of its own, as another process would, and is waiting for ours when it is made."""

    def __init__(self, work):
        super().__init__()
        self.work, self.failure, self.server_process = work, None, 0
        self.start()
        while connection.vendor == "postgresql" and self.is_alive() and not self._waits():
            time.sleep(0.01)

    def run(self):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()" if connection.vendor == "postgresql" else "SELECT 1")
                self.server_process = cursor.fetchone()[0]
            self.work()
        except Exception as error:  # noqa: BLE001  (raised where it is joined)
            self.failure = error
        finally:
            connection.close()

    def join(self):
        super().join()
        if self.failure:
            raise self.failure

    def _waits(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND pid = %s)", [self.server_process])
            return cursor.fetchone()[0]
