"""The spans of one turn, as an instrumented application sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from observatory.demo.calendar import Failure
from observatory.demo.models import Call
from observatory.demo.turns import Turn


class StepFailedError(Exception):
    """Ends the steps above the failed one, as an exception does in the application."""

    def __init__(self, failure: Failure):
        super().__init__(failure.message)
        self.failure = failure


class Trace:
    """A tree of spans on a clock of its own: `wait` is time that passes in the span that is open."""

    def __init__(self, turn: Turn):
        self.turn = turn
        self.trace_id = turn.hex_id(16)
        self.at_ms = turn.at_ms
        self.spans: list[dict[str, Any]] = []
        self._open: list[dict[str, Any]] = []

    @contextmanager
    def span(self, name: str, kind: str, *, wait_ms: float = 0, **fields: Any) -> Iterator[dict[str, Any]]:
        span: dict[str, Any] = {
            "trace_id": self.trace_id,
            "span_id": self.turn.hex_id(8),
            "name": name,
            "kind": kind,
            "started_at": self.at_ms,
            **fields,
        }
        if self._open:
            span["parent_span_id"] = self._open[-1]["span_id"]
        self.spans.append(span)
        self._open.append(span)
        try:
            self.wait(wait_ms)
            yield span
        finally:
            self._open.pop()
            span["duration_ms"] = round(self.at_ms - span["started_at"], 3)

    def wait(self, typical_ms: float) -> None:
        """Let about this time pass: a lognormal spread, longer when the service is slow."""
        if typical_ms:
            self.at_ms += typical_ms * self.turn.rng.lognormvariate(0, 0.28) * self.turn.slowness

    def step(self, name: str, kind: str, wait_ms: float, **fields: Any) -> None:
        """A span without any below it."""
        with self.span(name, kind, wait_ms=wait_ms, **fields):
            pass

    def call(self, name: str, call: Call, failure: Failure | None = None, **fields: Any) -> None:
        """A call of a model. Raises StepFailedError, with the span marked, if it fails."""
        with self.span(name, "llm", model=call.model.name, provider=call.model.provider, **fields) as span:
            if failure is not None:
                span.update(error=failure.as_dict(), input_tokens=call.input_tokens)
                span.pop("output", None)
                self.at_ms += failure.after_ms
                for parent in self._open[:-1]:
                    parent.update(error=failure.as_dict())
                raise StepFailedError(failure)
            span.update(call.tokens(), time_to_first_token_ms=call.first_token_ms)
            self.at_ms += call.duration_ms

    def ms_of(self, *kinds: str) -> float:
        return round(sum(span["duration_ms"] for span in self.spans if span["kind"] in kinds), 3)

    @property
    def total_ms(self) -> float:
        return self.spans[0]["duration_ms"]
