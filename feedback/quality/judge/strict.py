"""A judge's reply, read strictly: one JSON object and nothing beside it."""

import json
import re
from typing import Any, NoReturn

from feedback.quality.judge.failures import Invalid

MAX_CHARS = 200_000
_FENCED = re.compile(r"```(?:json)?[ \t]*\n(.*)\n?```", re.DOTALL | re.IGNORECASE)
_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


def json_object(text: str) -> dict[str, Any]:
    """Raises Invalid for anything else. The thoughts of a reasoning model before, and a fence around it, are no text."""
    stripped = _THOUGHT.sub("", text[:MAX_CHARS], count=1).strip()
    if not stripped:
        raise Invalid("invalid: the judge answered without text")
    fenced = _FENCED.fullmatch(stripped)
    try:
        found = json.loads(
            fenced[1] if fenced else stripped, object_pairs_hook=_unique, parse_constant=_refuse, parse_int=_whole
        )
    except (ValueError, RecursionError):
        raise Invalid("invalid: the judge's reply is not one JSON object and nothing else") from None
    if not isinstance(found, dict):
        raise Invalid("invalid: the judge's reply is not a JSON object")
    return found


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(name)


def _whole(digits: str) -> int:
    if len(digits) > 18:
        raise ValueError("too long")
    return int(digits)
