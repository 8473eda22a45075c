"""The question and the answer in whatever a client wrote as input and output."""

from typing import Any

QUESTION_KEYS = (
    "question",
    "query",
    "user_query",
    "input",
    "prompt",
    "message",
    "messages",
    "content",
    "text",
    "chat_input",
)
ANSWER_KEYS = (
    "answer",
    "output",
    "response",
    "result",
    "final_answer",
    "completion",
    "content",
    "text",
    "message",
    "messages",
)
MAX_DEPTH = 6


def question_in(value: Any) -> str:
    """Return the last user message of an input, or its text; "" where there is none."""
    return _words(value, roles=("user", "human"), keys=QUESTION_KEYS, depth=0)


def answer_in(value: Any) -> str:
    """Return the last assistant message of an output, or its text; "" where there is none."""
    return _words(value, roles=("assistant", "ai", "model"), keys=ANSWER_KEYS, depth=0)


def _words(value: Any, roles: tuple[str, ...], keys: tuple[str, ...], depth: int) -> str:
    if isinstance(value, str):
        return value.strip()
    if depth >= MAX_DEPTH:
        return ""
    if isinstance(value, list):
        return _from_list(value, roles, keys, depth)
    if isinstance(value, dict):
        for key in keys:
            found = _words(value.get(key), roles, keys, depth + 1) if key in value else ""
            if found:
                return found
        parts = value.get("parts") or value.get("args") or value.get("kwargs")
        return _words(parts, roles, keys, depth + 1) if parts else ""
    return ""


def _from_list(items: list[Any], roles: tuple[str, ...], keys: tuple[str, ...], depth: int) -> str:
    messages = [item for item in items if isinstance(item, dict) and "role" in item]
    if messages:
        chosen = [message for message in messages if str(message["role"]).lower() in roles] or messages
        for message in reversed(chosen):
            found = _words({key: message[key] for key in message if key != "role"}, roles, keys, depth + 1)
            if found:
                return found
        return ""
    parts = [_words(item, roles, keys, depth + 1) for item in items[:100]]
    return "\n".join(part for part in parts if part)
