"""Hostile markup in every text field of scores and of every ingest schema: native, spans, events, OpenTelemetry, browser."""

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

from django.test import Client
from rest_framework import serializers

from interactions.api.schema import EventBody, InteractionBody, SpanBody
from interactions.digest.run import digest_until_empty
from interactions.ingest.browser import TYPES
from tests.trust import hostile_scores

BEGIN = 1_750_000_000
TOGETHER = 25  # records in a request


def send(headers: dict[str, str], payloads: Sequence[str], begin: float = BEGIN) -> None:
    """Send each payload by every way in, a second after the other from `begin`, digest them, and say it of each answer."""
    client, by_way = Client(), defaultdict(list)
    for number, payload in enumerate(payloads):
        for name, body in bodies(number, payload, begin):
            by_way[name].append(body)
        by_way["traces"] += otlp(number, payload, begin)["resourceSpans"]
    for name, found in by_way.items():
        path = {"client": "/api/metrics/client", "traces": "/v1/traces"}.get(name, f"/api/v1/{name}")
        for place in range(0, len(found), TOGETHER):
            some = found[place : place + TOGETHER]
            body = json.dumps({"resourceSpans": some} if name == "traces" else some).encode()
            answer = client.post(path, body, content_type="application/json", **headers)
            if name == "traces":
                assert (answer.status_code, answer.content) == (200, b"{}"), answer.content
            else:
                assert {one["status"] for one in answer.json()["results"]} == {201}, (name, answer.content)
    digest_until_empty()
    hostile_scores.say(payloads, now=datetime.fromtimestamp(begin, UTC))


def fitting(schema: type[serializers.Serializer], payload: str) -> dict:
    """A body with the payload in every text field that has room for it."""
    texts = (serializers.CharField, serializers.JSONField)
    fields = {name: field for name, field in schema._declared_fields.items() if isinstance(field, texts)}
    others = (serializers.UUIDField, serializers.DateTimeField, serializers.ChoiceField)
    room = {
        name: getattr(field, "max_length", None) or 10_000 for name, field in fields.items() if not isinstance(field, others)
    }
    return {name: payload for name, most in room.items() if len(payload) <= min(most, 10_000)}


def bodies(number: int, payload: str, begin: float) -> list[tuple[str, dict]]:
    short = payload if len(payload) <= 64 else f"{number}"  # ids and names of kinds have no room for more
    free = {payload: payload, "list": [payload, {payload: payload}]}
    document = {"id": payload, "text": payload, "source": payload, "metadata": free, payload: payload}
    error = {"type": payload, "message": payload}
    shared = {"tags": [payload], "metadata": free, "error": error, payload: payload}
    span = fitting(SpanBody, payload) | shared | {"attributes": free, "documents": [document], "model": payload}
    part = {"type": payload, "text": payload}
    conversation = [{"role": payload, "content": payload}, {"role": "user", "content": [part]}]
    browser = {name: payload for name, kind in TYPES["error"].items() if kind == "a text"}
    trace = f"t{number}"
    native = fitting(InteractionBody, payload) | shared | {"passages": [document], "model": payload}
    root = span | {"trace_id": trace, "span_id": "a", "parent_span_id": None, "name": payload, "kind": "chain"}
    call = {"kind": "llm", "input": conversation, "output": free, "input_tokens": 3, "session_id": payload}
    event = fitting(EventBody, payload) | {"type": short, "data": free, "trace_id": trace, "id": short}
    return [
        ("interactions", native | {"asked_at": begin + number}),
        ("interactions", {"query": "plain", "session_id": f"plain {number}", "passages": [payload], "error": payload}),
        ("spans", root),
        ("spans", root | call | {"span_id": short, "parent_span_id": "a"}),
        ("events", event),
        ("client", {"type": "error", "data": browser | {"severity": "low", payload: payload}}),
    ]


def otlp(number: int, payload: str, begin: float) -> dict:
    names = "input.value output.value llm.model_name session.id user.id gen_ai.prompt.0.content tag.tags".split()
    attributes = [{"key": name, "value": {"stringValue": payload}} for name in (payload, *names)]
    start = int((begin + number) * 1e9)
    times = {"startTimeUnixNano": str(start), "endTimeUnixNano": str(start + 1_000_000_000)}
    span = {
        "traceId": f"{number + 1:032x}",
        "spanId": f"{number + 1:016x}",
        "name": payload,
        "status": {"code": 2, "message": payload},
        "attributes": attributes,
        "events": [{"name": payload, "timeUnixNano": str(start), "attributes": attributes}],
    }
    scope = {"scope": {"name": payload}, "spans": [span | times]}
    return {"resourceSpans": [{"resource": {"attributes": attributes}, "scopeSpans": [scope]}]}
