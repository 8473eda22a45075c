"""Each record once: whatever is repeated, shuffled or changed, the store equals a dictionary that keeps the first."""

import json
import random
import threading
import uuid
from collections import Counter
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interactions.digest.run import digest_until_empty
from interactions.models import Event, IngestOutcome, Interaction, Origin, Span
from observatory.projects.keys import create_key
from observatory.projects.models import Project
from tests.trust.live import Caller

KINDS = ("interactions", "spans", "events")
WITH_DATABASE = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# Which id and which of its bodies a record has: few of both, so that they meet.
records = st.tuples(st.sampled_from(KINDS), st.integers(1, 6), st.sampled_from("aaab"))
requests = st.lists(st.lists(records, min_size=1, max_size=12), min_size=1, max_size=6)


def body_of(kind: str, number: int, variant: str) -> dict[str, Any]:
    if kind == "interactions":
        return {"id": str(uuid.UUID(int=number)), "query": variant, "tags": ["x"], "metadata": {"a": 1, "b": [number]}}
    if kind == "spans":
        return {
            "trace_id": f"trace-{number % 2}",
            "span_id": str(number),
            "name": variant,
            "started_at": 1_750_000_000 + number,
        }
    return {"id": str(number), "type": variant, "data": {"n": number}}


def stored_variants(project_id: int) -> dict[tuple[str, int], str]:
    """What the store holds, and how often: a doubled record would be a doubled key, which fails here."""
    found: list[tuple[tuple[str, int], str]] = []
    natives = Interaction.objects.filter(project_id=project_id, origin=Origin.NATIVE)
    found += [(("interactions", one.int), query) for one, query in natives.values_list("interaction_id", "query_preview")]
    spans = Span.objects.filter(project_id=project_id).values_list("span_id", "name")
    found += [(("spans", int(span)), name) for span, name in spans]
    events = Event.objects.filter(project_id=project_id).values_list("event_id", "type")
    found += [(("events", int(event)), kind) for event, kind in events]
    assert len(dict(found)) == len(found)
    return dict(found)


def counted(project_id: int) -> Counter[str]:
    rows = IngestOutcome.objects.filter(project_id=project_id).values_list("outcome").annotate(total=Sum("records"))
    return Counter(dict(rows))


def new_project() -> tuple[Project, str]:
    project = Project.objects.create(slug=uuid.uuid4().hex, name="x")
    return project, create_key(project=project, scopes=["ingest"])[1]


@pytest.mark.django_db
@WITH_DATABASE
@given(requests=requests, digests=st.sets(st.integers(0, 5)), as_single=st.booleans())
def test_any_requests_leave_what_the_model_says(requests, digests, as_single):
    project, key = new_project()
    model: dict[tuple[str, int], str] = {}
    expected: Counter[int] = Counter()
    for place, batch in enumerate(requests):
        for kind in KINDS:
            items = [(number, variant) for one, number, variant in batch if one == kind]
            answers = []
            for number, variant in items:
                known = model.setdefault((kind, number), variant)
                answers.append(201 if known == variant else 409)
            expected += Counter(answers)
            assert _post(key, kind, items, as_single) == answers
        if place in digests:
            digest_until_empty()
    assert stored_variants(project.pk) == model
    assert sum(counted(project.pk).values()) == sum(map(len, requests))
    assert counted(project.pk)["stored"] == len(model)
    assert counted(project.pk)["rejected"] == expected[409]


def _post(key: str, kind: str, items: list[tuple[int, str]], as_single: bool) -> list[int]:
    bodies = [_shuffled(body_of(kind, *item)) for item in items]
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    if as_single:
        answers = [Client().post(f"/api/v1/{kind}", body, content_type="application/json", **headers) for body in bodies]
        return [answer.status_code for answer in answers]
    if not bodies:
        return []
    answer = Client().post(f"/api/v1/{kind}", bodies, content_type="application/json", **headers)
    return [result["status"] for result in answer.json()["results"]]


def _shuffled(body: dict[str, Any]) -> dict[str, Any]:
    """The same body, its keys in another order: still the same body."""
    return dict(sorted(body.items(), key=lambda item: hash((item[0], len(body)))))


@pytest.mark.django_db
def test_a_retry_gets_the_first_answer(team):
    for kind in KINDS:
        body = body_of(kind, 1, "a")
        first, second = (
            Client().post(f"/api/v1/{kind}", body, content_type="application/json", **team.headers("ingest"))
            for _ in range(2)
        )
        assert (first.status_code, first.content) == (second.status_code, second.content)


def test_threads_that_post_the_same_ids_lose_nothing_and_double_nothing(caller: Caller, team):
    """Eight clients at once, each with all ids in another order, some with another body under the id."""
    answers: list[tuple[str, int, str, int]] = []
    start = threading.Barrier(8)

    def work(number: int) -> None:
        chance = random.Random(number)
        start.wait()
        for kind in chance.sample(KINDS, 3) * 2:
            items = [(one, "b" if chance.random() < 0.2 else "a") for one in chance.sample(range(1, 61), 60)]
            for at in range(0, 60, 15):
                some = items[at : at + 15]
                answer = caller.post(f"/api/v1/{kind}", json.dumps([body_of(kind, *item) for item in some]).encode())
                assert answer.status == 207, answer
                results = answer.json()["results"]
                answers.extend((kind, *item, result["status"]) for item, result in zip(some, results, strict=True))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert caller.faults == []
    stored = stored_variants(team.ours.pk)
    assert len(answers) == 8 * 3 * 2 * 60
    assert len(stored) == 3 * 60
    assert all((status == 201) == (stored[kind, number] == variant) for kind, number, variant, status in answers)
    counts = counted(team.ours.pk)
    assert counts["stored"] == len(stored)
    assert counts["rejected"] == sum(status == 409 for *_, status in answers)
    assert sum(counts.values()) == len(answers)
    digest_until_empty()
    assembled = Interaction.objects.exclude(origin=Origin.NATIVE)
    assert sorted(assembled.values_list("trace_id", "span_count")) == [("trace-0", 30), ("trace-1", 30)]
