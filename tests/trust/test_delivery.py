"""The spans of a trace in any order, in any pieces, more than once, with digests in between: the same interaction."""

import uuid
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interactions.digest.run import digest_until_empty
from interactions.models import Interaction, StaleTrace
from interactions.search import having, terms_of
from tests.trust.test_idempotency import new_project

pytestmark = pytest.mark.django_db
TRACE = "0123456789abcdef" * 2
START = 1_750_000_000.0
# What differs between two projects, and between a row that was written once and one that was written again.
OF_THE_ROW = {"id", "project", "interaction_id", "payload"}
FIELDS = [field.name for field in Interaction._meta.concrete_fields if field.name not in OF_THE_ROW]
TEXTS = ("", "hello there", "who are you", "a much longer question about the weather")
WITH_DATABASE = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def spans(draw: Any) -> list[dict[str, Any]]:
    """A trace of one to seven spans; parents may be missing or form a circle; times may be equal."""
    ids = [f"{number:016x}" for number in range(1, draw(st.integers(2, 8)))]
    return [_span(draw, one, ids) for one in ids]


def _span(draw: Any, span_id: str, ids: list[str]) -> dict[str, Any]:
    found = {
        "trace_id": TRACE,
        "span_id": span_id,
        "name": draw(st.sampled_from(("answer", "search", "call"))),
        "kind": draw(st.sampled_from(("chain", "llm", "retriever", "embedding", "tool", "agent", "other"))),
        "started_at": START + draw(st.integers(0, 3)),
        "duration_ms": draw(st.sampled_from((0, 1.5, 900, 4_000))),
        "parent_span_id": draw(st.sampled_from((None, None, *(one for one in ids if one != span_id), "f" * 16))),
        "status": draw(st.sampled_from(("ok", "ok", "error"))),
    }
    optional = {
        "input": st.sampled_from(TEXTS),
        "output": st.sampled_from(TEXTS),
        "model": st.sampled_from(("gpt-4o", "gpt-4o-mini", "no-such-model")),
        "input_tokens": st.integers(0, 1_000),
        "output_tokens": st.integers(0, 1_000),
        "cached_tokens": st.integers(0, 1_000),
        "cost_usd": st.sampled_from((0, 0.5)),
        "time_to_first_token_ms": st.integers(0, 100),
        "session_id": st.sampled_from(("s1", "s2")),
        "user_id": st.just("u"),
        "environment": st.sampled_from(("live", "test")),
        "tags": st.lists(st.sampled_from("abc"), max_size=3),
        "error": st.sampled_from(("boom", {"type": "Timeout", "message": "late"})),
        "documents": st.just([{"id": "d", "text": "passage", "score": 0.5}]),
    }
    return found | {name: draw(values) for name, values in optional.items() if draw(st.booleans())}


def events_of(trace: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A message of the first span that came as a log event instead of an attribute."""
    data = {"name": "gen_ai.user.message", "span_id": trace[0]["span_id"], "body": {"content": "from a log"}}
    return [{"id": "e", "type": "gen_ai.user.message", "trace_id": TRACE, "occurred_at": START, "data": data}]


@WITH_DATABASE
@given(data=st.data(), trace=spans(), with_native=st.booleans(), with_event=st.booleans())
def test_any_delivery_derives_the_same_interaction(data, trace, with_native, with_event):
    facts = [("spans", span) for span in trace]
    facts += [("events", event) for event in events_of(trace) if with_event]
    native = {"id": str(uuid.uuid4()), "query": "native", "trace_id": TRACE, "asked_at": START, "model": "gpt-4o"}
    facts += [("interactions", native)] if with_native else []
    at_once = deliver([facts], digest_after={0})
    repeats = data.draw(st.lists(st.sampled_from(range(len(facts))), max_size=4))
    order = data.draw(st.permutations([*range(len(facts)), *repeats]))
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(order) - 1)))))
    pieces = [order[start:end] for start, end in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    digests = data.draw(st.sets(st.sampled_from(range(len(pieces)))))
    in_pieces = deliver([[facts[number] for number in piece] for piece in pieces], digest_after=digests)
    assert in_pieces == at_once


def test_words_that_a_late_root_takes_away_find_the_trace_no_more():
    early = {
        "trace_id": TRACE,
        "span_id": "1" * 16,
        "name": "n",
        "started_at": START,
        "parent_span_id": "9" * 16,
        "input": "hello",
    }
    root = {"trace_id": TRACE, "span_id": "2" * 16, "name": "n", "started_at": START, "kind": "chain"}
    late = deliver([[("spans", early)], [("spans", root)]], digest_after={0})
    assert late == deliver([[("spans", early), ("spans", root)]], digest_after=set())
    assert late[0]["found by"] == []


def deliver(pieces: list[list[tuple[str, dict[str, Any]]]], *, digest_after: set[int]) -> list[dict[str, Any]]:
    """Send the pieces to a new project, digest, and return its interactions with the words under which they are found."""
    project, key = new_project()
    for number, piece in enumerate(pieces):
        for path in dict.fromkeys(path for path, _ in piece):
            body = [item for one, item in piece if one == path]
            answer = Client().post(
                f"/api/v1/{path}", body, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {key}"
            )
            assert {result["status"] for result in answer.json()["results"]} == {201}
        if number in digest_after:
            digest_until_empty()
    digest_until_empty()
    assert not StaleTrace.objects.filter(project=project).exists()
    rows = Interaction.objects.filter(project=project).order_by("origin")
    words = ("hello", "weather", "log", "native", "who")
    return [
        {name: getattr(row, name) for name in FIELDS}
        | {"found by": [word for word in words if having(Interaction.objects.filter(pk=row.pk), terms_of(word)).exists()]}
        for row in rows
    ]
