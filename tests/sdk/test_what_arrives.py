"""What an application records stands in the store, once."""

import datetime
import uuid

import pytest

from feedback.models import Score
from interactions.models import Event, Interaction

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_interaction_arrives_once_under_the_id_that_was_returned(client):
    made = client.interaction(
        "How long is the guarantee?",
        "Two years.",
        model="gemini-1.5-pro",
        input_tokens=8234,
        output_tokens=312,
        latency_ms=1840.5,
        retrieval_ms=210,
        generation_ms=1600,
        confidence=0.87,
        citations_count=1,
        session_id="chat-81",
        user_id="user-7",
        passages=[{"id": "terms-4", "text": "A guarantee of two years.", "score": 0.91}],
        metadata={"plan": "gold"},
        tags=["web"],
        final_decision="answered",
        model_version="gemini-1.5-pro-002",
    )
    assert client.flush(10)
    row = Interaction.objects.get()
    assert (str(row.interaction_id), row.model, row.input_tokens, row.output_tokens) == (made, "gemini-1.5-pro", 8234, 312)
    assert (row.latency_ms, row.retrieval_ms, row.generation_ms, row.confidence) == (1840.5, 210, 1600, 0.87)
    assert (row.session_id, row.user_id, row.environment, row.release) == ("chat-81", "user-7", "production", "1.4.0")
    assert (row.final_decision, row.model_version, row.citations_count) == ("answered", "gemini-1.5-pro-002", 1)
    assert client.stats == {"accepted": 1, "sent": 1, "refused": 0, "lost": 0, "dropped": 0, "waiting": 0}


def test_what_users_say_and_do_arrives_with_its_answer(client):
    made = client.interaction("How long is the guarantee?", "Two years.", user_id="user-7")
    client.feedback(made, rating=2, comment="Wrong.", thumbs=False)
    client.feedback(made, rating=4)
    client.signal("re-query", made)
    with client.trace("answer") as request:
        client.feedback(thumbs="up")
    client.feedback(rating="five", session_id="chat-81")
    client.feedback(object(), rating=object())
    assert client.flush(10)
    rows = Score.objects.order_by("name", "value").values_list("name", "value", "user_id", "trace_id")
    assert list(rows.filter(interaction_id=made)) == [
        ("rating", 4.0, "user-7", uuid.UUID(made).hex),
        ("signal.requery", 0.0, "user-7", uuid.UUID(made).hex),
    ]
    assert Score.objects.get(parts__thumbs=1).trace_id == request.trace_id
    assert (client.stats["sent"], client.stats["refused"]) == (6, 2)


def test_many_records_share_requests(client):
    made = {client.interaction(f"question {number}", "answer") for number in range(1200)}
    assert client.flush(60)
    assert {str(found) for found in Interaction.objects.values_list("interaction_id", flat=True)} == made


def test_a_structured_event_keeps_its_context(client):
    made = client.event(
        "llm.error",
        {"attempt": 2},
        thread_id="chat-81",
        request_id="r-1",
        component="generator",
        action="call",
        duration_ms=30.5,
        memory_usage=81_000_000,
        error=TimeoutError("no answer in 30 s"),
    )
    assert client.flush(10)
    event = Event.objects.get()
    assert (event.event_id, event.type, event.session_id, event.component) == (made, "llm.error", "chat-81", "generator")
    assert event.duration_ms == 30.5
    assert event.data["error"] == {"type": "TimeoutError", "message": "no answer in 30 s"}
    assert (event.data["attempt"], event.data["request_id"], event.data["memory_usage"]) == (2, "r-1", 81_000_000)


def test_odd_values_do_not_cost_the_record(client, read_trace):
    cycle: dict = {"name": "cycle"}
    cycle["itself"] = cycle

    class Broken:
        def __str__(self):
            raise RuntimeError("no text")

    odd = {
        "day": datetime.date(2026, 1, 31),
        "id": uuid.UUID(int=7),
        "bytes": b"\xffabc",
        "surrogate": "a\ud800b",
        "nul": "a\0b",
        "nan": float("nan"),
        "large": 10**30,
        "set": {1},
        "cycle": cycle,
        "broken": Broken(),
        3: "a key that is no text",
    }
    client.interaction("odd", "values", metadata=odd)
    assert client.flush(10)
    assert client.stats["sent"] == 1
    metadata = read_trace(Interaction.objects.get().trace_id)["interactions"][0]["metadata"]
    assert (metadata["day"], metadata["nan"], metadata["large"], metadata["set"]) == ("2026-01-31", None, "[left out]", [1])
    assert (metadata["broken"], metadata["3"]) == ("[left out]", "a key that is no text")


def test_what_changes_after_the_call_is_sent_as_it_was(scripted, make_client):
    client = make_client(scripted.url)
    passages = [{"text": "before"}]
    client.interaction("q", "a", passages=passages)
    passages[0]["text"] = "after"
    passages.clear()
    assert client.flush(10)
    assert scripted.records[0]["passages"] == [{"text": "before"}]
