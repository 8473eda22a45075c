"""Messages that come as events, on the span or as log records, put together to input and output."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from interactions.ingest.otlp.json_text import parsed
from interactions.ingest.otlp.messages import as_messages

ROLES = {
    "gen_ai.system.message": "system",
    "gen_ai.user.message": "user",
    "gen_ai.assistant.message": "assistant",
    "gen_ai.tool.message": "tool",
    "gen_ai.choice": "assistant",
}
ANSWER = "gen_ai.choice"
DETAILS = "gen_ai.client.inference.operation.details"
CONTENT = "gen_ai.event.content"  # where Azure's SDK puts the body of an event on a span


class Exchange(NamedTuple):
    input: list[dict[str, Any]]
    output: list[dict[str, Any]]


def exchange_of(events: Iterable[tuple[str, Any]]) -> Exchange:
    """Return the messages in `(event name, body or attributes)` pairs, in their order."""
    exchange = Exchange([], [])
    for name, content in events:
        if name == DETAILS:
            _add_details(content, exchange)
        elif name in ROLES:
            side = exchange.output if name == ANSWER else exchange.input
            side.extend(_messages(ROLES[name], content))
    return exchange


def exchange_of_list(events: Any) -> Exchange:
    """Return the messages in a list of events that name themselves, as Pydantic AI writes it into one attribute."""
    if not isinstance(events, list):
        return Exchange([], [])
    return exchange_of((event["event.name"], event) for event in events if _names_itself(event))


def exchange_of_records(records: Iterable[dict[str, Any]]) -> Exchange:
    """Return the messages in the `data` of stored log events of one span, oldest first (see logs.py)."""
    return exchange_of((str(data.get("name", "")), _content_of(data)) for data in records)


def _content_of(data: dict[str, Any]) -> Any:
    body, attributes = data.get("body"), data.get("attributes")
    if not isinstance(attributes, dict):
        attributes = {}  # an event of this name that came by another way in
    if isinstance(body, dict):
        return attributes | body
    return attributes | {"content": body} if body not in (None, "") else attributes


def _names_itself(event: Any) -> bool:
    return isinstance(event, dict) and isinstance(event.get("event.name"), str)


def _add_details(content: Any, exchange: Exchange) -> None:
    if not isinstance(content, dict):
        return
    for name, side in (("gen_ai.input.messages", exchange.input), ("gen_ai.output.messages", exchange.output)):
        value = content.get(name)
        side.extend(as_messages(parsed(value) if isinstance(value, str) else value) or [])


def _messages(role: str, content: Any) -> list[dict[str, Any]]:
    content = parsed(content) if isinstance(content, str) else content
    if isinstance(content, dict) and CONTENT in content:
        return _messages(role, content[CONTENT])
    if isinstance(content, dict):
        inner = content.get("message")
        content = parsed(inner) if isinstance(inner, str) else inner or content
    if not isinstance(content, dict):
        return [{"role": role, "content": content}] if isinstance(content, str) and content else []
    shaped = {key: value for key, value in content.items() if "." not in key and key != "index" and value is not None}
    shaped["role"] = shaped.get("role") or role
    return as_messages(shaped) or []
