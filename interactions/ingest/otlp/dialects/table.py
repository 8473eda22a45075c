"""What a dialect's table is made of: attribute names, and what each of them says about a span."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from interactions.ingest.amounts import dollars_of
from interactions.ingest.otlp import readers
from interactions.ingest.otlp.flattened import Path
from interactions.ingest.otlp.providers import provider_of
from interactions.ingest.otlp.usage import usage_of
from interactions.models import Kind

# How the value of a target is read, unless its entry says otherwise. Targets in LATE are read once it is clear that
# they won, since that means to parse a long text.
READERS: dict[str, readers.Reader] = {
    "model": readers.word,
    "provider": provider_of,
    "input_tokens": readers.count,
    "output_tokens": readers.count,
    "cached_tokens": readers.count,
    "cache_write_tokens": readers.count,
    "reasoning_tokens": readers.count,
    "usage": usage_of,
    "cost_usd": dollars_of,
    "first_token_ms": readers.milliseconds,
    "first_token_ns": readers.moment_ns,
    "session_id": readers.word,
    "user_id": readers.word,
    "environment": readers.word,
    "release": readers.word,
    "tags": readers.words,
    "prompt_name": readers.word,
    "prompt_version": readers.word,
    "trace_name": readers.word,
    "error_type": readers.word,
    "error_message": readers.text,
    "level": readers.word,
    "metadata": readers.mapping,
    "input": readers.structure,
    "output": readers.structure,
    "system": readers.structure,
    "tool_calls": readers.structure,
    "documents": readers.structure,
    "message_events": readers.structure,
}
LATE = frozenset({"input", "output", "system", "tool_calls", "documents", "message_events"})


class EventUse(Enum):
    """What a span event is for. All but the exception are used up; unknown ones stay events."""

    EXCEPTION = "exception"
    FIRST_CHUNK = "first chunk"
    DOCUMENT = "document"
    MESSAGE = "message"
    ATTRIBUTES = "attributes of the span"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Use:
    """What to do with a value. A `weak` one counts only where no other attribute of any dialect speaks for the target;
    one that `keeps` stays an attribute as well."""

    target: str
    read: readers.Reader | None = None
    weak: bool = False
    keeps: bool = False


def weak(target: str, read: readers.Reader | None = None, *, keeps: bool = False) -> Use:
    return Use(target, read, weak=True, keeps=keeps)


@dataclass(frozen=True)
class Dialect:
    """One vocabulary. Where two names speak for one target, the upper one counts."""

    names: Mapping[str, str | Use]
    # Attribute → its values (lower case) → kind.
    kinds: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    # Prefix of a flattened list (`llm.input_messages.` N ...) → target.
    lists: Mapping[str, str | Use] = field(default_factory=dict)
    # Prefix whose rest is a key of the metadata.
    metadata: tuple[str, ...] = ()
    # Names of span events.
    events: Mapping[str, EventUse] = field(default_factory=dict)
    # Attributes that betray the kind of a span which does not tell it.
    betrays: Mapping[str, Kind] = field(default_factory=dict)
    # Every value is JSON, texts too: "\"gold\"".
    is_quoted: bool = False


class Rule(NamedTuple):
    """A resolved attribute name. The lowest rank wins; `path` leads into the list or the metadata of `group`."""

    rank: int
    target: str
    read: readers.Reader | None
    path: Path | None = None
    group: str = ""
    keeps: bool = False


def kind_table(**values: Any) -> dict[str, Kind]:
    """Return `{name: kind}` for `llm="chat completion"`: kind = the names that mean it, between blanks."""
    return {name: Kind[kind.upper()] for kind, names in values.items() for name in names.split()}
