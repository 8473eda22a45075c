"""Messages of every vendor in one form: `{role, content, tool_calls?, tool_call_id?, reasoning?, attachments?, ...}`.

`content` is text, `tool_calls` `[{id?, name, arguments}]`. What else a message carries stays on it under its own name.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from interactions.ingest.otlp.json_text import parsed

SHAPED = frozenset({"role", "content", "parts", "contents", "tool_calls", "function_call"})
ROLE_OF_TYPE = {"human": "user", "ai": "assistant", "system": "system", "tool": "tool", "function": "tool"}
# Where a model's request or response keeps its messages: OpenAI, Anthropic, Langfuse, Logfire; the Responses API.
ENVELOPES = ("messages", "choices", "message", "output", "input")


@dataclass(slots=True)
class Draft:
    texts: list[str] = field(default_factory=list)
    tool_calls: list[dict[str, Any]] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)
    attachments: list[Any] = field(default_factory=list)
    tool_call_id: Any = None


def as_messages(value: Any) -> list[dict[str, Any]] | None:
    """Return a message or list of messages in normal form, None where the value is something else."""
    if isinstance(value, dict):
        value = [value]
    if not isinstance(value, list) or not value:
        return None
    return [_message(item) for item in value] if all(map(_is_message, value)) else None


def unwrapped_messages(value: Any) -> list[dict[str, Any]] | None:
    """Like `as_messages`, also inside the request or response object of a model call."""
    found = as_messages(value)
    if found is not None or not isinstance(value, dict):
        return found
    for name in ENVELOPES:
        inner = value.get(name)
        if isinstance(inner, list) and inner and isinstance(inner[0], dict) and isinstance(inner[0].get("message"), dict):
            inner = [choice.get("message") for choice in inner if isinstance(choice, dict)]
        found = as_messages(inner)
        if found is not None:
            return found
    return None


def _is_message(item: Any) -> bool:
    if not isinstance(item, dict):
        return False
    return bool(_role(item)) and len(item) > 1


def _role(item: dict[str, Any]) -> str:
    """Return the role, which LangChain's messages call their type; "" for what is no message."""
    role = item.get("role")
    if isinstance(role, str):
        return role
    kind = item.get("type")
    return ROLE_OF_TYPE.get(kind, "") if isinstance(kind, str) and "content" in item else ""


def _message(item: dict[str, Any]) -> dict[str, Any]:
    content = item.get("content")
    role = _role(item)
    if len(item) == 2 and type(content) is str:
        return {"role": role, "content": content}
    draft = Draft()
    for parts in (content, item.get("parts"), item.get("contents")):
        _add(parts, draft)
    for call in (item.get("tool_calls"), item.get("function_call")):
        _add_calls(call, draft)
    return _finished(role, draft, item)


def _finished(role: str, draft: Draft, item: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"role": role, "content": "\n".join(draft.texts)}
    if draft.tool_calls:
        found["tool_calls"] = draft.tool_calls
    if draft.tool_call_id is not None:
        found["tool_call_id"] = draft.tool_call_id
    if draft.reasoning:
        found["reasoning"] = "\n".join(draft.reasoning)
    if draft.attachments:
        found["attachments"] = draft.attachments
    for key, value in item.items():
        if key not in SHAPED and key not in found and value not in (None, "", [], {}):
            found[key] = value
    return found


def _add(parts: Any, draft: Draft) -> None:
    if not parts:
        return
    if isinstance(parts, str):
        draft.texts.append(parts)
        return
    for part in parts if isinstance(parts, list) else [parts]:
        if isinstance(part, str):
            draft.texts.append(part)
        elif isinstance(part, dict):
            PARTS.get(_type_of(part), _add_attachment)(part, draft)
        elif part is not None:
            draft.attachments.append(part)


def _type_of(part: dict[str, Any]) -> str:
    kind = part.get("type")
    return kind if isinstance(kind, str) else "text"


def _add_text(part: dict[str, Any], draft: Draft) -> None:
    text = _first(part, "content", "text", "refusal")
    if not isinstance(text, str):
        _add_attachment(part, draft)
    elif text:
        draft.texts.append(text)


def _add_reasoning(part: dict[str, Any], draft: Draft) -> None:
    text = _first(part, "content", "text", "thinking", "reasoning")
    if isinstance(text, str) and text:
        draft.reasoning.append(text)


def _add_call(part: dict[str, Any], draft: Draft) -> None:
    inner = part.get("function")
    called = inner if isinstance(inner, dict) else part
    call = {
        "id": _first(part, "id", "toolCallId", "call_id"),
        "name": _first(called, "name", "toolName"),
        "arguments": _first(called, "arguments", "args", "input"),
    }
    draft.tool_calls.append({key: value for key, value in call.items() if value is not None})


def _add_result(part: dict[str, Any], draft: Draft) -> None:
    draft.tool_call_id = _first(part, "id", "tool_use_id", "toolCallId", "call_id")
    result = _first(part, "response", "result", "content", "output")
    if isinstance(result, str):
        draft.texts.append(result)
    elif isinstance(result, list) and result and isinstance(result[0], dict) and isinstance(result[0].get("type"), str):
        _add(result, draft)
    elif result is not None:
        _add_attachment({"type": "tool_result", "result": result}, draft)


def _add_attachment(part: dict[str, Any], draft: Draft) -> None:
    draft.attachments.append(part)


def _add_calls(calls: Any, draft: Draft) -> None:
    for call in calls if isinstance(calls, list) else [calls]:
        if isinstance(call, dict):
            _add_call(call, draft)


def _first(part: dict[str, Any], *names: str) -> Any:
    for name in names:
        value = part.get(name)
        if value is not None:
            return value
    return None


PARTS: dict[str, Callable[[dict[str, Any], Draft], None]] = {
    "text": _add_text,
    "input_text": _add_text,
    "output_text": _add_text,
    "refusal": _add_text,
    "reasoning": _add_reasoning,
    "thinking": _add_reasoning,
    "tool_call": _add_call,
    "tool_use": _add_call,
    "tool-call": _add_call,
    "function": _add_call,
    "server_tool_call": _add_call,
    "tool_call_response": _add_result,
    "tool_result": _add_result,
    "tool-result": _add_result,
    "server_tool_call_response": _add_result,
}


def with_tool_calls(output: Any, calls: Any) -> Any:
    """Return the answer of a model as a message that carries its tool calls (Vercel sends the two apart)."""
    calls = parsed(calls) if isinstance(calls, str) else calls
    draft = Draft()
    _add_calls(calls, draft)
    if not draft.tool_calls or not isinstance(output, str | None):
        return output
    return [{"role": "assistant", "content": output or "", "tool_calls": draft.tool_calls}]
