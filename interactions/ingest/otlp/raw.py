"""What both encodings are decoded to, before any dialect is understood."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple


@dataclass(slots=True)
class Source:
    """The resource and scope that spans or log records share. `facts` are read from the resource once."""

    resource: dict[str, Any]
    scope: str
    facts: dict[str, Any] | None = None


class RawEvent(NamedTuple):
    name: str
    time_ns: int
    attributes: dict[str, Any]


@dataclass(slots=True)
class RawSpan:
    """Ids are lower-case hex. `index` is the place in the request, over all resources and scopes."""

    index: int
    source: Source
    trace_id: str
    span_id: str
    parent_span_id: str | None
    name: str
    start_ns: int
    end_ns: int
    is_error: bool
    is_server: bool
    status_message: str
    attributes: dict[str, Any]
    events: list[RawEvent] = field(default_factory=list)


@dataclass(slots=True)
class RawLog:
    """`trace_id` and `span_id` are empty where the record belongs to none; `time_ns` is 0 where it is unknown."""

    index: int
    source: Source
    trace_id: str
    span_id: str
    time_ns: int
    event_name: str
    severity: str
    severity_number: int
    body: Any
    attributes: dict[str, Any]
