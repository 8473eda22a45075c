"""The fixed corpus against every endpoint that takes data: no answer is 5xx, counts add up, and every page opens."""

import gzip
import json
from collections.abc import Iterator

import pytest
from django.test import Client
from rest_framework import serializers

from feedback.api.intake_schema import LangfuseScore, ScoreBody
from interactions.api.schema import EventBody, InteractionBody, SpanBody
from interactions.ingest.browser import TYPES
from tests.trust import corpus
from tests.trust.afterwards import Ledger, settle
from tests.trust.conftest import OUR_INTERACTION
from tests.trust.live import Answer, Caller
from tests.trust.test_isolation import SCOPES
from tests.trust.test_route_matrix import bodies

NATIVE = {"interactions": InteractionBody, "events": EventBody, "spans": SpanBody}
SIGNALS = {
    **{f"/api/v1/{name}": name for name in NATIVE},
    "/api/metrics/client": "browser",
    "/api/v1/chat/feedback": "feedback",
    **{f"{root}/feedback/{kind}": "feedback" for root in ("", "/api/v1") for kind in ("explicit", "implicit")},
    "/api/v1/scores": "scores",
    "/api/public/scores": "scores",
    "/api/public/ingestion": "scores",
    "/v1/traces": "traces",
    "/api/public/otel/v1/traces": "traces",
    "/v1/logs": "logs",
    "/v1/metrics": "metrics",
}
GOOD = {
    "interactions": {"query": "q", "answer": "a", "session_id": "SESSION"},
    "events": {"type": "t", "session_id": "SESSION"},
    "spans": {"name": "n", "trace_id": "t", "kind": "llm", "session_id": "SESSION"},
}
# What the documents promise and the schema does not list one by one: aliases, and the insides of nested shapes.
MORE_FIELDS = {
    "interactions": ("interaction_id", "timestamp", "prompt_tokens", "completion_tokens", "unknown_field"),
    "events": ("event", "name", "event_id", "timestamp", "thread_id", "sessionId", "userId"),
    "spans": ("prompt_tokens", "completion_tokens", "unknown_field"),
}
INSIDES = {
    "interactions": (
        ("passages", ("id", "text", "content", "score", "source", "metadata", "other")),
        ("error", ("type", "message")),
    ),
    "events": (("data", ("session_id", "trace_id", "duration_ms", "component", "other")),),
    "spans": (("documents", ("id", "text", "score", "source", "metadata")), ("error", ("type", "message"))),
}


def test_every_endpoint_has_its_signal():
    assert set(SIGNALS) == set(bodies()) - set(SCOPES)


@pytest.mark.django_db
@pytest.mark.parametrize("path", SCOPES)
def test_a_broken_question_is_no_fault(team, path):
    client, key = Client(raise_request_exception=False), team.headers(SCOPES[path])
    for name, body in (corpus.NO_JSON | corpus.whole()).items():
        status = client.generic("POST", path, body, content_type="application/json", **key).status_code
        assert status < 500, (name, status)


@pytest.mark.parametrize("path", SIGNALS)
def test_broken_bodies_are_refused_one_by_one(caller: Caller, ledger: Ledger, team, path):
    signal = SIGNALS[path]
    is_otlp = signal in {"traces", "logs", "metrics"}
    if path == "/api/v1/chat/feedback":
        rated = json.dumps({"id": OUR_INTERACTION, "query": "q"}).encode()
        assert ledger.note("interactions", caller.post("/api/v1/interactions", rated)).status == 201
    for name, body in corpus.NO_JSON.items():
        answer = ledger.note(signal, caller.post(path, body, name), 0)
        assert is_otlp or answer.status in {400, 413}, (name, answer.status, answer.body)
        if is_otlp:
            ledger.note(signal, caller.post(path, body, name, Content_Type="application/x-protobuf"), 0)
    for name, body in corpus.whole().items():
        answer = caller.post(path, body, name)
        ledger.note(signal, answer, 0 if is_otlp else records_in(answer))
    for name, (body, encoding) in corpus.compressed().items():
        answer = ledger.note(signal, caller.post(path, body, name, Content_Encoding=encoding), 0)
        assert answer.status in {400, 413, 415}, (name, answer.status)
    good = json.dumps(bodies()[path]).encode()
    for content_type in (
        "application/json; charset=nonsense",
        "application/json; charset=\x00",
        "text/plain",
        "",
        "x" * 2000,
        ";;;",
        "multipart/form-data",
    ):
        answer = caller.post(path, good, content_type, Content_Type=content_type)
        ledger.note(signal, answer, 0 if signal == "metrics" else 1)
        good = json.dumps(bodies()[path]).encode()
    assert caller.post(path, gzip.compress(good), Content_Encoding="gzip").status in {200, 201, 202, 207}
    ledger.note(signal, caller.post(path, json.dumps(bodies()[path]).encode()), 0)
    ledger.received[signal] += 0 if signal == "metrics" else 2
    settle(caller, ledger, team)


def records_in(answer: Answer) -> int:
    """How many records an answer speaks of, in the words of ours and of Langfuse's API."""
    said = answer.json()
    if answer.status == 207:
        refused = said.get("rejected", len(said.get("errors", ())))
        return len(said.get("results", said.get("successes", ()))) + said.get("accepted", 0) + refused
    return 0 if said == {"message": "Accepted"} else 1  # an empty list for Langfuse's API


@pytest.mark.parametrize("name", NATIVE)
def test_no_value_in_any_field_of_the_native_api_breaks_anything(caller: Caller, ledger: Ledger, team, name):
    for number, (label, value) in enumerate(corpus.VALUES.items()):
        items = [
            item.replace("TRACE", f"trace {number // 4}").replace("SESSION", f"session {number // 4}")
            for item in items_with(name, value)
        ]
        answer = caller.post(f"/api/v1/{name}", f"[{','.join(items)}]".encode(), label)
        if answer.status == 207:
            results = answer.json()["results"]
            assert [result["index"] for result in results] == list(range(len(items)))
            assert {result["status"] for result in results} <= {201, 400, 409}
            assert all(result["error"]["reason"] for result in results if result["status"] != 201)
        ledger.note(name, answer, len(items))
        one = caller.post(f"/api/v1/{name}", items[0].encode(), label)
        ledger.note(name, one)
    settle(caller, ledger, team, every=15)


def test_no_value_in_any_field_of_a_browser_metric_breaks_anything(caller: Caller, ledger: Ledger, team):
    path = "/api/metrics/client"
    for kind, fields in TYPES.items():
        for field in (*fields, "trace_id", "other"):
            for label in corpus.ODD:
                body = f'{{"type":"{kind}","data":{{"{field}":{corpus.VALUES[label]}}}}}'
                ledger.note("browser", caller.post(path, body.encode(), f"{kind}.{field}: {label}"))
    for label, value in corpus.VALUES.items():
        for field in ("type", "data", "timestamp", "id", "sessionId"):
            whole = {"type": '"performance"', "data": "{}", field: value}
            body = "{" + ",".join(f'"{key}":{text}' for key, text in whole.items()) + "}"
            ledger.note("browser", caller.post(path, body.encode(), f"{field}: {label}"))
    settle(caller, ledger, team, every=15)


SCORES = {
    "/api/v1/scores": (ScoreBody, {"name": '"n"', "value": "1", "session_id": '"s"'}, ("score_id", "timestamp", "other")),
    "/api/public/scores": (LangfuseScore, {"name": '"n"', "value": "1", "sessionId": '"s"'}, ("queueId", "other")),
}


@pytest.mark.parametrize("path", SCORES)
def test_no_value_in_any_field_of_a_score_breaks_anything(caller: Caller, ledger: Ledger, team, path):
    schema, good, more = SCORES[path]
    for label, value in corpus.VALUES.items():
        items = [joined({**good, field: value}) for field in (*schema._declared_fields, *more)]
        answer = caller.post(path, f"[{','.join(items)}]".encode(), label)
        assert answer.status in {202, 207, 400}, (label, answer.status)
        ledger.note("scores", answer, len(items))
    settle(caller, ledger, team, every=15)


def test_no_value_in_any_attribute_of_an_evaluation_breaks_anything(caller: Caller, ledger: Ledger, team):
    names = ("name", "score.value", "score.label", "explanation")
    attributes = [f"gen_ai.evaluation.{name}" for name in names]
    attributes += ["gen_ai.response.id", "error.type", "attributes", "span_id"]
    good = {attributes[0]: '"n"', attributes[1]: "1"}
    for label, value in corpus.VALUES.items():
        data = [joined({**good, name: value}) for name in attributes]
        items = [f'{{"type":"gen_ai.evaluation.result","trace_id":"t","data":{one}}}' for one in data]
        ledger.note("events", caller.post("/api/v1/events", f"[{','.join(items)}]".encode(), label), len(items))
    settle(caller, ledger, team, every=15)


def test_texts_at_the_limit_are_stored_and_beyond_it_refused(caller: Caller, ledger: Ledger, team):
    for size, status in ((1_000_000, 201), (1_000_001, 400)):
        for name, field in (("interactions", "answer"), ("spans", "output"), ("events", "data")):
            for character in ("x", "\U0001f4a5", "\\"):
                text = character * size
                body = GOOD[name] | {field: {"text": text} if field == "data" else text}
                answer = caller.post(f"/api/v1/{name}", json.dumps(body, ensure_ascii=False).encode(), f"{name} of {size}")
                assert ledger.note(name, answer).status == status
    settle(caller, ledger, team)


def test_lengths_and_framing_that_lie_end_in_a_refusal(caller: Caller, ledger: Ledger, team):
    head = "POST /api/v1/interactions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    head += f"Authorization: Bearer {caller.key}\r\n"
    good = '{"query": "framing"}'
    for framing in (
        f"Content-Length: {len(good) - 3}\r\n\r\n{good}",
        f"Content-Length: -1\r\n\r\n{good}",
        f"Content-Length: {'9' * 30}\r\n\r\n{good}",
        f"Content-Length: 21474836480\r\n\r\n{good}",
        f"Content-Length: abc\r\n\r\n{good}",
        f"Content-Length: {len(good)}\r\nContent-Length: 3\r\n\r\n{good}",
        f"Content-Length: {len(good)}\r\nTransfer-Encoding: chunked\r\n\r\n{good}",
        "Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc\r\n",
        f"Transfer-Encoding: gzip\r\n\r\n{good}",
        f"X-Nul: a\x00b\r\nContent-Length: {len(good)}\r\n\r\n{good}",
        f"Bad Header: x\r\nContent-Length: {len(good)}\r\n\r\n{good}",
    ):
        assert caller.raw((head + framing).encode("latin-1")).startswith(b"HTTP/1.1 4"), framing
    for unfinished in (
        f"Content-Length: 99\r\n\r\n{good}",
        "Transfer-Encoding: chunked\r\n\r\nffff\r\nabc",
        "Content-Le",
        "Expect: 100-continue\r\n",
    ):
        assert not caller.raw((head + unfinished).encode(), leaves=True).startswith(b"HTTP/1.1 2"), unfinished
    chunks = "".join(f"1\r\n{character}\r\n" for character in good)
    chunked = f"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n"
    assert caller.raw((head + chunked).encode()).startswith(b"HTTP/1.1 201")
    assert caller.post("/api/v1/interactions", b'{"query": "still here"}').status == 201


def items_with(name: str, value: str) -> Iterator[str]:
    """A good object for each field of the schema, with this value (a JSON text) in the field, and some insides and keys."""
    good = {key: json.dumps(text) for key, text in GOOD[name].items()} | ({} if name == "spans" else {"trace_id": '"TRACE"'})
    if name == "spans":
        good["trace_id"] = '"TRACE"'
    fields = [*NATIVE[name]._declared_fields, *MORE_FIELDS[name]]
    for field in fields:
        yield joined(good | {field: value})
    for outer, inner in INSIDES[name]:
        for field in inner:
            inside = f'{{"{field}":{value}}}'
            is_list = isinstance(NATIVE[name]._declared_fields.get(outer), serializers.ListSerializer)
            yield joined(good | {outer: f"[{inside}]" if is_list else inside})
    if value.startswith('"'):
        yield "{" + f"{value}:1," + joined(good)[1:]
        yield joined(good | {"metadata" if name != "events" else "data": f"{{{value}:1}}", "tags": f"[{value}]"})


def joined(parts: dict[str, str]) -> str:
    return "{" + ",".join(f'"{key}":{text}' for key, text in parts.items()) + "}"
