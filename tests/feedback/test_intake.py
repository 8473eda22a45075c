"""Scores that applications and Langfuse's SDKs send."""

import base64
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from feedback import scores
from feedback.models import Score, Source, State
from feedback.scores import Verdict
from interactions.models import IngestOutcome

TRACE = "0af7651916cd43dd8448eb211c80319c"
ANSWER = {"query": "How long?", "answer": "Two years.", "trace_id": TRACE, "session_id": "s-1", "model": "gpt-4o"}


def only() -> Score:
    return Score.objects.get()


def test_a_score_of_a_stored_answer_takes_its_labels(send) -> None:
    send("/api/v1/interactions", ANSWER)
    status, answer = send("/api/v1/scores", {"trace_id": TRACE, "name": "faithfulness", "value": 0.8, "other": 1})
    assert (status, answer["is_waiting"]) == (201, False)
    score = only()
    assert (score.source, score.state, score.value, score.model) == (Source.APPLICATION, State.SCORED, 0.8, "gpt-4o")
    assert (score.session_id, score.details) == ("s-1", {"attributes": {"other": 1}})


def test_a_score_that_came_first_waits(send, read) -> None:
    sent = {"id": "a", "trace_id": TRACE.upper(), "name": "n", "label": "good", "passed": True}
    assert send("/api/v1/scores", sent)[1] == {"score_id": "a", "is_waiting": True}
    send("/api/v1/interactions", ANSWER)
    read("/api/v1/interactions")
    from feedback.scoring import score_waiting

    score_waiting()
    assert not Score.objects.waiting().exists()


def test_an_id_sent_again_replaces_and_one_of_another_source_stays(send, project) -> None:
    now = datetime.now(UTC)
    scores.write(project.pk, [Verdict("theirs", Source.USER, "rating", now, value=5.0, session_id="s")], now=now)
    for value in (1, 2):
        assert send("/api/v1/scores", {"id": "mine", "session_id": "s", "name": "n", "value": value})[0] == 201
    status, answer = send("/api/v1/scores", {"id": "theirs", "session_id": "s", "name": "n", "value": 1})
    assert (status, answer["error"]["code"]) == (409, "conflict")
    assert dict(Score.objects.values_list("score_id", "value")) == {"mine": 2.0, "theirs": 5.0}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"value": "0.5"}, "value"),
        ({"value": 1e16}, "value"),
        ({"value": None}, "value"),
        ({"trace_id": None}, "interaction_id"),
        ({"interaction_id": "no"}, "interaction_id"),
        ({"passed": "yes"}, "passed"),
        ({"comment": "x" * 2001}, "comment"),
        ({"occurred_at": "soon"}, "occurred_at"),
    ],
)
def test_what_is_wrong_is_named_and_not_stored(send, wrong: dict[str, Any], field: str) -> None:
    good = {"trace_id": TRACE, "name": "n", "value": 1}
    status, answer = send("/api/v1/scores", {**good, **wrong})
    assert (status, answer["error"]["field"]) == (400, field)
    status, answer = send("/api/v1/scores", [good, {**good, **wrong}])
    assert [one["status"] for one in answer["results"]] == [201, 400]
    assert Score.objects.count() == 1
    counted = dict(IngestOutcome.objects.values_list("outcome", "reason"))
    assert counted.keys() == {"stored", "rejected"}


@pytest.mark.one_store
def test_who_sends_a_verdict_in_words_is_told_where_it_goes(send) -> None:
    _, answer = send("/api/v1/scores", {"trace_id": TRACE, "name": "tone", "value": "polite"})
    assert "label" in answer["error"]["reason"]


@pytest.fixture
def langfuse(key):
    """Posts as Langfuse's SDK does: our key is the secret, in Basic authentication."""
    basic = base64.b64encode(f"pk-any:{key}".encode()).decode()

    def post(path: str, data: Any) -> tuple[int, Any]:
        answer = Client().post(path, data, content_type="application/json", HTTP_AUTHORIZATION=f"Basic {basic}")
        return answer.status_code, answer.json()

    return post


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"value": 0.5}, (0.5, "", None, {})),
        ({"value": 1, "dataType": "BOOLEAN"}, (1.0, "true", True, {})),
        ({"value": "fine"}, (None, "fine", None, {})),
        ({"value": "x" * 130, "dataType": "CATEGORICAL"}, (None, "x" * 120, None, {"label": "x" * 130})),
        ({"value": "Yes, all.", "dataType": "TEXT"}, (None, "", None, {"text": "Yes, all."})),
        ({"value": "Rome.", "dataType": "CORRECTION"}, (None, "correction", None, {"correction": "Rome."})),
        ({"value": 2, "metadata": {"a": 1}, "configId": "c"}, (2.0, "", None, {"metadata": {"a": 1}, "configId": "c"})),
    ],
)
def test_langfuse_types_become_values_words_and_verdicts(langfuse, sent: dict[str, Any], stored: tuple[Any, ...]) -> None:
    body = {"id": "l-1", "traceId": TRACE, "observationId": "00F067AA0BA902B7", "name": "n", "environment": "default"}
    assert langfuse("/api/public/scores", [body | sent]) == (202, {"message": "Accepted"})
    score = only()
    assert (score.value, score.label, score.is_passed, score.details) == stored
    assert (score.trace_id, score.span_id, score.environment) == (TRACE, "00f067aa0ba902b7", "")


def test_langfuse_is_told_what_was_refused_of_a_list(langfuse) -> None:
    good = {"id": "l-1", "sessionId": "s-1", "name": "n", "value": 1}
    refused = [{**good, "dataType": "BOOLEAN", "value": 3}, {**good, "dataType": "NUMERIC", "value": "x"}, 7]
    status, answer = langfuse("/api/public/scores", [good, *refused, {**good, "id": "l-2", "sessionId": None}])
    assert (status, answer["accepted"], answer["rejected"]) == (207, 1, 4)
    assert [one["message"].split(": ")[:2] for one in answer["errors"]] == [
        ["1", "value"],
        ["2", "value"],
        ["3", "score"],
        ["4", "traceId"],
    ]
    assert langfuse("/api/public/scores", good | {"value": 2}) == (202, {"message": "Accepted", "id": "l-1"})
    assert only().value == 2
    assert langfuse("/api/public/scores", {"name": "n"})[0] == 400
    assert langfuse("/api/public/scores", [{**good, "comment": "x" * 1_000_000}])[0] == 413


def test_the_older_path_takes_scores_and_says_of_other_events_that_it_does_not(langfuse) -> None:
    events = [
        {"id": "e-1", "type": "score-create", "timestamp": "2026-01-01T00:00:00Z", "body": {"sessionId": "s", "name": "n",
         "value": 1, "comment": "y" * 3000}},
        {"id": "e-2", "type": "trace-create", "body": {"id": TRACE}},
        {"id": "e-3", "type": "score-create", "body": {"name": "n", "value": 1}},
        None,
    ]  # fmt: skip
    status, answer = langfuse("/api/public/ingestion", {"batch": events, "metadata": {"sdk_name": "python"}})
    assert (status, answer["successes"]) == (207, [{"id": "e-1", "status": 201}])
    assert [(one["id"], one["error"]) for one in answer["errors"]] == [
        ("e-2", "not_taken"),
        ("e-3", "invalid"),
        ("", "invalid"),
    ]
    score = only()
    assert (score.score_id, score.at) == ("e-1", datetime(2026, 1, 1, tzinfo=UTC))
    assert (len(score.comment), len(score.details["comment"])) == (2000, 3000)
    assert langfuse("/api/public/ingestion", [])[0] == 400
