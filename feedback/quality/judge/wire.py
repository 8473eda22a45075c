"""OpenAI's chat completions: what is sent, and what is read of the answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from feedback.quality.judge.codes import error_in, is_lasting, reason_of
from feedback.quality.judge.endpoint import Endpoint
from feedback.quality.judge.failures import Busy, Invalid, JudgeError, Refused

Message = Mapping[str, str]
MAX_SAID = 200  # characters of an endpoint's own words
BUSY = frozenset((408, 409, 425, 429))
# An endpoint's words about a refused key may repeat a part of it.
SECRETIVE = frozenset((401, 403))


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    input_tokens: int | None
    output_tokens: int | None


def body_of(endpoint: Endpoint, messages: Sequence[Message], *, as_json: bool) -> bytes:
    """No tools, no stream. `as_json` asks for an object, which not every endpoint understands."""
    body: dict[str, Any] = {"model": endpoint.model, "messages": list(messages)}
    if endpoint.temperature is not None:
        body["temperature"] = endpoint.temperature
    if as_json:
        body["response_format"] = {"type": "json_object"}
    return orjson.dumps(body)


def headers_of(endpoint: Endpoint) -> list[tuple[bytes, bytes]]:
    headers = [(b"content-type", b"application/json"), (b"accept", b"application/json"), (b"user-agent", b"observatory")]
    if endpoint.key:
        headers.append((b"authorization", f"Bearer {endpoint.key}".encode()))
    return headers


def read_reply(content: bytes) -> Reply:
    """Tokens are None where the endpoint counts none."""
    document = _document(content)
    usage = document.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Reply(_text(document), _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")))


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise Invalid("invalid: the endpoint did not answer as OpenAI's chat completions do")
    return document


def _text(document: dict[str, Any]) -> str:
    """Empty where the model said nothing: it is paid for, and read as an answer outside the schema."""
    choices = document.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    if not isinstance(message, dict):
        raise Invalid("invalid: the endpoint did not answer as OpenAI's chat completions do")
    content = message.get("content")
    return content if isinstance(content, str) else ""


def _count(value: Any) -> int | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**31
    return value if is_count else None


def error_of(endpoint: Endpoint, status: int, content: bytes, retry_at: datetime | None) -> JudgeError:
    """Its reason is kept beside scores and counted, so it is in our words; `said` has the endpoint's own."""
    error = error_in(content)
    reason, said = reason_of(status, error), _said(endpoint, error)
    if status in SECRETIVE:
        return Refused(f"The endpoint answered {status}: the key is missing, wrong, or may not use {endpoint.model}")
    if 300 <= status < 400:
        return Refused(f"{reason}: a redirect, which is not followed", said=said)
    if (status in BUSY or status >= 500) and not is_lasting(error):
        return Busy(reason, retry_at, said=said)
    return Refused(reason, said=said)


def _said(endpoint: Endpoint, error: Mapping[str, Any]) -> str:
    """Without the key, control characters or more than a line."""
    said = str(error.get("message", ""))
    if endpoint.key:
        said = said.replace(endpoint.key, "[key]")
    return " ".join(re.sub(r"[\x00-\x1f\x7f]", " ", said).split())[:MAX_SAID]


def retry_after(headers: Sequence[tuple[bytes, bytes]], now: datetime) -> datetime | None:
    """The moment that `Retry-After` names, in seconds or as a date."""
    value = next((value for name, value in headers if name.lower() == b"retry-after"), b"").decode("latin-1").strip()
    if re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value):
        return now + timedelta(seconds=float(value))
    try:
        moment = parsedate_to_datetime(value) if value else None
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment else None
