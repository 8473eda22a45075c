"""The events of a span: what they say about it, and those that stay events."""

from dataclasses import dataclass, field
from typing import Any

from interactions.ingest.otlp.dialects import EVENTS
from interactions.ingest.otlp.dialects.table import EventUse
from interactions.ingest.otlp.raw import RawEvent

NS_PER_US = 1_000


@dataclass(slots=True)
class EventFindings:
    kept: list[dict[str, Any]] = field(default_factory=list)
    messages: list[tuple[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    attributes: dict[str, Any] = field(default_factory=dict)
    exception: dict[str, Any] | None = None
    first_token_ns: int | None = None

    def add(self, event: RawEvent) -> None:
        use = EVENTS.get(event.name)
        if use is None:
            self._keep(event)
        else:
            ADD[use](self, event)

    def _keep(self, event: RawEvent) -> None:
        one: dict[str, Any] = {"name": event.name, "at_us": event.time_ns // NS_PER_US}
        if event.attributes:
            one["attributes"] = event.attributes
        self.kept.append(one)

    def _add_exception(self, event: RawEvent) -> None:
        self.exception = event.attributes
        self._keep(event)

    def _add_first_token(self, event: RawEvent) -> None:
        if event.time_ns and (self.first_token_ns is None or event.time_ns < self.first_token_ns):
            self.first_token_ns = event.time_ns

    def _add_document(self, event: RawEvent) -> None:
        self.documents.append({key.rpartition(".")[2]: value for key, value in event.attributes.items()})

    def _add_message(self, event: RawEvent) -> None:
        self.messages.append((event.name, event.attributes))

    def _add_attributes(self, event: RawEvent) -> None:
        self.attributes |= event.attributes

    def _drop(self, event: RawEvent) -> None:
        """An event that only repeats what is known, or holds vectors."""


ADD = {
    EventUse.EXCEPTION: EventFindings._add_exception,
    EventUse.FIRST_CHUNK: EventFindings._add_first_token,
    EventUse.DOCUMENT: EventFindings._add_document,
    EventUse.MESSAGE: EventFindings._add_message,
    EventUse.ATTRIBUTES: EventFindings._add_attributes,
    EventUse.DROPPED: EventFindings._drop,
}


def read_events(events: list[RawEvent]) -> EventFindings:
    found = EventFindings()
    for event in events:
        found.add(event)
    return found
