"""Evaluation events and feedback of web pages become scores as they are stored, and again by a command."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections, transaction

from feedback.intake import evaluations, facts
from feedback.models import Score, Source, State
from interactions.ingest.said import Said
from interactions.models import Event, Interaction, Span

TRACE, SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
NS = 1_760_000_000_000_000_000
RESULT = {
    "gen_ai.evaluation.name": "Relevance",
    "gen_ai.evaluation.score.value": 4.0,
    "gen_ai.evaluation.score.label": "pass",
    "gen_ai.evaluation.explanation": "To the point.",
    "gen_ai.response.id": "r-1",
}
ANSWER = {"query": "How long?", "answer": "Two years.", "session_id": "s-1", "user_id": "u-1", "model": "gpt-4o"}


def otlp(attributes: dict[str, Any]) -> list[dict[str, Any]]:
    kinds = {str: "stringValue", float: "doubleValue", bool: "boolValue"}
    return [{"key": key, "value": {kinds[type(value)]: value}} for key, value in attributes.items()]


def log(**attributes: Any) -> dict[str, Any]:
    record = {"timeUnixNano": str(NS), "traceId": TRACE, "spanId": SPAN, "eventName": "gen_ai.evaluation.result"}
    record["attributes"] = otlp({**RESULT, **attributes})
    return {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}


def span(**attributes: Any) -> dict[str, Any]:
    event = {"timeUnixNano": str(NS), "name": "gen_ai.evaluation.result", "attributes": otlp({**RESULT, **attributes})}
    times = {"startTimeUnixNano": str(NS), "endTimeUnixNano": str(NS + 1_000_000)}
    one = {"traceId": TRACE, "spanId": SPAN, "name": "chat", "kind": 1, **times, "events": [event]}
    one["attributes"] = otlp({"session.id": "s-9"})
    return {"resourceSpans": [{"scopeSpans": [{"spans": [one]}]}]}


def rows() -> list[dict[str, Any]]:
    return list(Score.objects.order_by("score_id").values())


def rebuilt(*, from_nothing: bool) -> list[dict[str, Any]]:
    if from_nothing:
        Score.objects.all().delete()
    call_command("rebuild_scores", "--project", "shop", stdout=StringIO())
    return [{name: value for name, value in row.items() if name not in {"id", "scored_at"}} for row in rows()]


@pytest.mark.parametrize(("path", "body"), [("/v1/logs", log), ("/v1/traces", span)])
def test_an_evaluation_event_is_a_score_of_its_span_and_a_retry_changes_nothing(send, path: str, body: Any) -> None:
    for _ in range(2):
        assert send(path, body())[0] == 200
    score = Score.objects.get()
    assert (score.source, score.name, score.value) == (Source.APPLICATION, "Relevance", 4.0)
    assert (score.label, score.is_passed, score.comment, score.details) == (
        "pass",
        True,
        "To the point.",
        {"response_id": "r-1"},
    )
    assert (score.trace_id, score.span_id, score.session_id) == (TRACE, SPAN, "s-9" if path == "/v1/traces" else "")
    assert score.is_waiting
    before = rebuilt(from_nothing=False)
    assert rebuilt(from_nothing=True) == before


def test_a_failed_evaluation_has_no_value_and_one_without_a_result_is_no_score(send) -> None:
    send("/v1/logs", log(**{"error.type": "TimeoutError"}))
    score = Score.objects.get()
    assert (score.state, score.value, score.comment) == (State.FAILED, None, "TimeoutError: To the point.")
    for wrong in (
        {"gen_ai.evaluation.name": " "},
        {"gen_ai.evaluation.score.value": "high", "gen_ai.evaluation.score.label": ""},
    ):
        send("/v1/logs", log(**wrong))
    assert (Score.objects.count(), Event.objects.count()) == (1, 3)


def test_a_native_event_and_a_span_of_the_name_say_the_same(send) -> None:
    send("/api/v1/events", {"type": "gen_ai.evaluation.result", "data": RESULT, "trace_id": TRACE})
    one = {
        "trace_id": TRACE,
        "name": "gen_ai.evaluation.result",
        "attributes": {**RESULT, "gen_ai.evaluation.score.value": "2"},
    }
    send("/api/v1/spans", one)
    assert sorted(Score.objects.values_list("value", flat=True)) == [2.0, 4.0]
    assert Span.objects.count() == 1


def feedback(ident: str, at: int, **data: Any) -> dict[str, Any]:
    return {"id": ident, "type": "user_feedback", "timestamp": 1_760_000_000_000 + at, "data": {"sessionId": "s-1", **data}}


def test_feedback_of_a_page_is_a_rating_and_the_latest_counts(send, read) -> None:
    _, stored = send("/api/v1/interactions", ANSWER)
    answer = stored["interaction_id"]
    said = [
        feedback("b", 2000, qnaLogId=answer, rating=2, helpful=False, feedbackText=" Wrong. "),
        feedback("a", 1000, qnaLogId=answer, rating=5),
        feedback("c", 3000, rating=4.5),
        feedback("d", 3000, helpful=True),
        feedback("e", 3000),
    ]
    for one in [said, said[::-1]]:
        assert send("/api/metrics/client", one)[0] == 207
    assert Event.objects.count() == 5
    score = Score.objects.get(interaction_id=answer)
    assert (score.source, score.name, score.value, score.parts) == (Source.USER, "rating", 2.0, {"thumbs": 0.0})
    assert (score.comment, score.user_id, score.model) == ("Wrong.", "u-1", "gpt-4o")
    alone = Score.objects.filter(interaction_id=None, session_id="s-1", is_waiting=False).order_by("-value")
    assert {(one.value, one.parts.get("thumbs")) for one in alone} == {(4.5, None), (None, 1.0)}
    before = rebuilt(from_nothing=False)
    assert rebuilt(from_nothing=True) == before
    # A rating by the native API is the same rating.
    send("/api/v1/chat/feedback", {"interaction_id": answer, "rating": 3})
    assert Score.objects.get(interaction_id=answer).value == 3


@pytest.mark.parametrize("log_id", [TRACE, TRACE.upper(), "req-17", 17])
def test_feedback_waits_for_the_trace_that_it_names(send, log_id: Any) -> None:
    from feedback.scoring import score_waiting
    from interactions.digest.run import digest_until_empty

    send("/api/metrics/client", feedback("a", 0, qnaLogId=log_id, rating=1))
    assert Score.objects.get().is_waiting
    send("/api/v1/interactions", {**ANSWER, "trace_id": str(log_id)})
    digest_until_empty()
    score_waiting()
    assert not Score.objects.waiting().exists()
    assert Score.objects.of(Source.USER).get().model == "gpt-4o"


def test_an_event_is_not_stored_without_its_score(send, monkeypatch) -> None:
    from django.db import OperationalError

    from feedback import scores

    def away(*_: Any, **__: Any) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(scores, "write", away)
    assert send("/v1/logs", log())[0] == 503
    assert (Event.objects.count(), Score.objects.count()) == (0, 0)
    monkeypatch.undo()
    assert send("/v1/logs", log())[0] == 200
    assert (Event.objects.count(), Score.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_an_answer_stays_while_a_fact_that_copies_its_labels_is_stored(send, project, store: str) -> None:
    """So an erasure that comes in between finds the copies. SQLite has one writer, who cannot come in between."""
    assert send("/api/v1/interactions", {**ANSWER, "trace_id": TRACE})[0] == 201
    said = Said("one", evaluations.RESULT, datetime(2026, 3, 1, tzinfo=UTC), trace_id=TRACE, data=RESULT)

    def delete() -> str:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '50ms'")
                return str(Interaction.objects.filter(trace_id=TRACE).delete())
        except OperationalError as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        facts.take(project.pk, [said], datetime(2026, 3, 2, tzinfo=UTC))
        assert Score.objects.get().user_id == "u-1"
        assert store == "sqlite" or "lock timeout" in pool.submit(delete).result()
