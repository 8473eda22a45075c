"""The body of a POST to /v1/logs, to events.

An event of the GenAI conventions is kept under its own name (`gen_ai.choice`, `gen_ai.evaluation.result`), any other
record as `log`. `data`: `{name?, span_id?, severity?, severity_number?, body?, attributes?, service?, scope?}`; the
messages among the events of a span are put together by `message_events.exchange_of_records`.
"""

import hashlib
from typing import Any

import orjson

from interactions.ingest.otlp.encodings import decoder
from interactions.ingest.otlp.findings import Findings
from interactions.ingest.otlp.raw import RawLog
from interactions.ingest.otlp.span_record import resource_facts
from interactions.ingest.records import EventRecord, Refusal
from observatory.core.errors import ApiError

NS_PER_US = 1_000
MAX_NAME = 100
PLAIN_LOG = "log"
EVENT_NAME = "event.name"  # the attribute that was the name before event_name became a field


def parse_logs(body: bytes, content_type: str, *, received_us: int) -> tuple[list[EventRecord], list[Refusal]]:
    """Return the records of an uncompressed request, and a refusal for each that cannot be stored.

    A record without any time is dated `received_us`. Raises ApiError `undecodable` (400) or `unsupported_media_type`.
    """
    raw_logs, refusals = decoder(content_type).decode_logs(body)
    events: list[EventRecord] = []
    for raw in raw_logs:
        try:
            events.append(_event(raw, received_us))
        except ApiError as error:
            refusals.append(Refusal(raw.index, error.code, error.reason, error.field))
    return events, refusals


def _event(raw: RawLog, received_us: int) -> EventRecord:
    name = (raw.event_name or _name_attribute(raw))[:MAX_NAME]
    data = _data(raw, name)
    content = orjson.dumps([raw.trace_id, raw.time_ns, data], option=orjson.OPT_SORT_KEYS)
    findings = Findings(raw.attributes)
    facts = resource_facts(raw.source)
    return EventRecord(
        event_id=hashlib.blake2b(content, digest_size=16).hexdigest(),
        type=name or PLAIN_LOG,
        occurred_us=raw.time_ns // NS_PER_US or received_us,
        body_hash=int.from_bytes(hashlib.blake2b(content, digest_size=8).digest(), "big", signed=True),
        session_id=findings.get("session_id") or facts.get("session_id", ""),
        user_id=findings.get("user_id") or facts.get("user_id", ""),
        trace_id=raw.trace_id or None,
        component=raw.source.scope,
        data=data,
    )


def _name_attribute(raw: RawLog) -> str:
    name = raw.attributes.get(EVENT_NAME)
    return name if isinstance(name, str) else ""


def _data(raw: RawLog, name: str) -> dict[str, Any]:
    data = {
        "name": name,
        "span_id": raw.span_id,
        "severity": raw.severity,
        "severity_number": raw.severity_number,
        "body": raw.body,
        "attributes": raw.attributes,
        "service": raw.source.resource.get("service.name"),
        "scope": raw.source.scope,
    }
    return {key: value for key, value in data.items() if value not in (None, "", 0, {}, [])}
