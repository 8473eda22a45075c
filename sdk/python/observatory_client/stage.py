"""Timed stages of a trace, nested by the context they run in."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any

from observatory_client.failures import as_error
from observatory_client.usage import read_model, read_usage

if TYPE_CHECKING:
    from observatory_client.client import Client

# What a stage is, if nobody says so, by the name it has.
KINDS = {
    "llm": "llm", "llm_call": "llm", "generation": "llm", "generate": "llm", "completion": "llm",
    "retrieval": "retriever", "retrieve": "retriever", "retriever": "retriever", "search": "retriever",
    "vector_search": "retriever", "embedding": "embedding", "embed": "embedding", "rerank": "reranker",
    "reranking": "reranker", "tool": "tool", "tool_call": "tool", "agent": "agent", "guardrail": "guardrail",
    "prompt": "prompt", "evaluation": "evaluator",
}  # fmt: skip
# R1 tells the time of an answer apart by these.
PART_OF_ANSWER = {
    "retriever": "retrieval_ms", "reranker": "retrieval_ms", "embedding": "retrieval_ms", "llm": "generation_ms",
}  # fmt: skip
SPAN_FIELDS = frozenset(
    "input output documents model provider input_tokens output_tokens cached_tokens cache_write_tokens "
    "reasoning_tokens time_to_first_token_ms cost_usd status error session_id user_id tags prompt_name prompt_version "
    "environment release".split()
)
_current: ContextVar[Stage | None] = ContextVar("observatory_stage", default=None)


def current_stage() -> Stage | None:
    """The stage that runs in this context, if any: what another one would be a child of."""
    return _current.get()


@dataclass
class Trace:
    """What all stages of a trace share."""

    trace_id: str
    session_id: str | None = None
    user_id: str | None = None
    final_decision: str | None = None
    model_version: str | None = None
    started_at: float = field(default_factory=time.time)
    begun: float = field(default_factory=time.perf_counter)
    spent: dict[str, float] = field(default_factory=dict)  # retrieval_ms and generation_ms so far


class Stage:
    """One stage: `with client.trace_stage(trace_id, "llm_call", {...}) as stage: ...`.

    It is sent when it ends, with its duration; if it raised, it is marked as an error and the exception goes on.
    `kind`, `attributes` and `metadata` may be changed until then; `set` takes every other field.
    """

    def __init__(self, client: Client, trace: Trace, name: str, *, parent: Stage | None, parent_span_id: str | None = None):
        self.client, self.trace, self.name = client, trace, str(name)
        self.parent = parent
        self.parent_span_id = parent_span_id or (parent.span_id if parent else None)
        self.span_id: str = os.urandom(8).hex()
        self.kind: str | None = None
        self.attributes: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self._fields: dict[str, Any] = {}
        self._token: Token[Stage | None] | None = None
        self.started_at = time.time()
        self._begun = time.perf_counter()

    @property
    def trace_id(self) -> str:
        return self.trace.trace_id

    def set(self, **values: Any) -> Stage:
        """Set fields of the span (`input`, `output`, `model`, ...); what is no field becomes an attribute."""
        return self.take(values)

    def take(self, values: Mapping[str, Any]) -> Stage:
        """`set`, for a dict; None stands for absent."""
        if not isinstance(values, Mapping):
            values = {"data": values}
        for name, value in values.items():
            if value is None:
                continue
            if name == "kind":
                self.kind = str(value)
            elif name in ("attributes", "metadata") and isinstance(value, Mapping):
                getattr(self, name).update(value)
            elif name in SPAN_FIELDS:
                self._fields[name] = value
            else:
                self.attributes[str(name)] = value
        return self

    def tokens(self, input: int | None = None, output: int | None = None, **more: int | None) -> Stage:
        """Set token counts: `tokens(812, 96, cached=512, cache_write=0, reasoning=40)`."""
        counts = {"input": input, "output": output, **more}
        return self.take({f"{name}_tokens": count for name, count in counts.items()})

    def take_usage(self, answer: Any) -> Stage:
        """Set tokens and the exact model from what the model's client returned."""
        self.take(read_usage(answer))
        version = read_model(answer)
        if version:
            self.trace.model_version = self.attributes["model_version"] = version
            self._fields.setdefault("model", version)
        return self

    def first_token(self) -> None:
        """Say that the first part of the answer is here; later calls change nothing."""
        self._fields.setdefault("time_to_first_token_ms", self.elapsed_ms())

    def event(self, type: str, data: Mapping[str, Any] | None = None, **fields: Any) -> str:
        """Record an event of this trace."""
        return self.client.event(type, data, trace_id=self.trace_id, **fields)

    def decide(self, final_decision: str, *, model_version: str | None = None) -> Stage:
        """Say how the request ended (answered, refused, escalated, ...) and by which version of the model."""
        self.trace.final_decision = self.attributes["final_decision"] = final_decision
        if model_version:
            self.trace.model_version = self.attributes["model_version"] = model_version
        return self

    def elapsed_ms(self) -> float:
        return (time.perf_counter() - self._begun) * 1000

    def __enter__(self) -> Stage:
        self.started_at, self._begun = time.time(), time.perf_counter()
        self._token = _current.set(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        duration_ms = self.elapsed_ms()
        self._leave()
        try:
            self._finish(error, duration_ms)
        except Exception as broken:  # noqa: BLE001  (monitoring never breaks the application)
            self.client.say("stage", "The stage %s could not be recorded: %r", self.name, broken)

    def _finish(self, error: BaseException | None, duration_ms: float) -> None:
        # A generator that its reader left early has not failed.
        if error is not None and not isinstance(error, GeneratorExit):
            self._fields.setdefault("error", as_error(error))
            self._fields.setdefault("status", "error")
        self._note_part(duration_ms)
        self.client.span(self._record(duration_ms))

    def _leave(self) -> None:
        if self._token is None:
            return
        try:
            _current.reset(self._token)
        except ValueError:  # ended in another context than it began in, as answers that are streamed do
            _current.set(self.parent)

    def _note_part(self, duration_ms: float) -> None:
        part = PART_OF_ANSWER.get(self._kind())
        # An embedding within a retrieval is counted by the retrieval.
        if part and (self.parent is None or PART_OF_ANSWER.get(self.parent._kind()) != part):
            self.trace.spent[part] = self.trace.spent.get(part, 0.0) + duration_ms

    def _kind(self) -> str:
        if self.kind:
            return self.kind
        return KINDS.get(self.name.lower()) or ("llm" if self._fields.get("model") else "other")

    def _record(self, duration_ms: float) -> dict[str, Any]:
        shared = {"session_id": self.trace.session_id, "user_id": self.trace.user_id} if self.parent is None else {}
        return {
            **shared,
            **self._fields,
            "trace_id": self.trace_id,
            "span_id": self.span_id,
            "parent_span_id": self.parent_span_id,
            "name": self.name,
            "kind": self._kind(),
            "started_at": self.started_at,
            "duration_ms": round(duration_ms, 3),
            "attributes": self.attributes or None,
            "metadata": self.metadata or None,
        }
