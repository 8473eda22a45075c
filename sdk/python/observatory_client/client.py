"""The client: what the application calls. Nothing here raises or waits; a daemon thread does the sending."""

from __future__ import annotations

import atexit
import os
import time
import uuid
import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from observatory_client.failures import as_error
from observatory_client.llm import LlmCall, Tokens
from observatory_client.notices import Notices
from observatory_client.outbox import Item, Outbox
from observatory_client.sender import Sender, sending
from observatory_client.snapshot import Snapshot
from observatory_client.stage import Stage, Trace, current_stage
from observatory_client.transport import Transport
from observatory_client.worker import Worker

INTERACTIONS, SPANS, EVENTS = "/api/v1/interactions", "/api/v1/spans", "/api/v1/events"
FEEDBACK, SIGNALS = "/api/v1/feedback/explicit", "/api/v1/feedback/implicit"
BATCH = 500
AGENT = "observatory-client-python/1.0.0"


class Client:
    """Sends to one project. Without an endpoint or key, from here or the environment, it records nothing.

    endpoint, key: OBSERVATORY_ENDPOINT and OBSERVATORY_KEY if absent. environment, release: of all that is recorded.
    max_queue, max_queue_chars: what may wait in memory; beyond, the oldest record is dropped and counted.
    gather_s: how long a first record waits for others to share its request. timeout_s: of one request.
    """

    def __init__(
        self,
        endpoint: str | None = None,
        key: str | None = None,
        *,
        environment: str | None = None,
        release: str | None = None,
        max_queue: int = 10_000,
        max_queue_chars: int = 64_000_000,
        gather_s: float = 0.2,
        timeout_s: float = 10.0,
        enabled: bool = True,
    ):
        self._endpoint = endpoint or os.environ.get("OBSERVATORY_ENDPOINT", "")
        self._key = key or os.environ.get("OBSERVATORY_KEY", "")
        self._everywhere = {"environment": environment, "release": release}
        self._limits = {"max_records": max_queue, "max_chars": max_queue_chars, "batch": max(1, min(BATCH, max_queue))}
        self._gather_s, self._timeout_s = gather_s, timeout_s
        self._notices = Notices()
        self.enabled = enabled
        self._start()
        # Weak, so that a client that nobody has any more can go.
        close, start = weakref.WeakMethod(self.close), weakref.WeakMethod(self._start)
        atexit.register(_call, close)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=lambda: _call(start))

    def interaction(
        self,
        query: str | None = None,
        answer: str | None = None,
        *,
        interaction_id: str | uuid.UUID | None = None,
        model: str | None = None,
        input_tokens: int | None = None,
        output_tokens: int | None = None,
        latency_ms: float | None = None,
        retrieval_ms: float | None = None,
        generation_ms: float | None = None,
        confidence: float | None = None,
        citations_count: int | None = None,
        passages: Sequence[Any] | None = None,
        session_id: str | None = None,
        user_id: str | None = None,
        trace_id: str | None = None,
        final_decision: str | None = None,
        model_version: str | None = None,
        error: Any = None,
        **fields: Any,
    ) -> str:
        """Record one exchange and return its id, which feedback refers to. `fields`: any other field of the API.

        Within a trace, its ids, times, decision and model version are taken from it where they are not given.
        `error` may be an exception.
        """
        made_id = str(interaction_id or uuid.uuid4())
        now = time.time()
        given = {
            "query": query, "answer": answer, "model": model, "input_tokens": input_tokens, "output_tokens": output_tokens,
            "latency_ms": latency_ms, "retrieval_ms": retrieval_ms, "generation_ms": generation_ms,
            "confidence": confidence, "citations_count": citations_count, "passages": passages, "session_id": session_id,
            "user_id": user_id, "trace_id": trace_id, "final_decision": final_decision, "model_version": model_version,
            "error": as_error(error),
            **fields,
            "id": made_id,
        }  # fmt: skip
        self._put(INTERACTIONS, {**_of_trace(trace_id, now), **self._everywhere}, given)
        return made_id

    def event(
        self,
        type: str,
        data: Mapping[str, Any] | None = None,
        *,
        trace_id: str | None = None,
        session_id: str | None = None,
        user_id: str | None = None,
        component: str | None = None,
        action: str | None = None,
        duration_ms: float | None = None,
        error: Any = None,
        **fields: Any,
    ) -> str:
        """Record an event, `chat.start` for example, and return its id. `fields`: thread_id, request_id, ..."""
        made_id = uuid.uuid4().hex
        stage = current_stage()
        trace = stage.trace if stage is not None and trace_id in (None, stage.trace_id) else None
        context = {"trace_id": trace.trace_id, "session_id": trace.session_id, "user_id": trace.user_id} if trace else {}
        if "thread_id" in fields:  # the session of the structured events
            context.pop("session_id", None)
        given = {
            "type": type, "data": data, "trace_id": trace_id, "session_id": session_id, "user_id": user_id,
            "component": component, "action": action, "duration_ms": duration_ms, "error": as_error(error),
            **fields,
            "id": made_id,
        }  # fmt: skip
        self._put(EVENTS, {**context, "occurred_at": time.time()}, given)
        return made_id

    def feedback(
        self,
        interaction_id: str | uuid.UUID | None = None,
        *,
        rating: int | None = None,
        thumbs: str | bool | None = None,
        comment: str | None = None,
        category: str | None = None,
        **fields: Any,
    ) -> None:
        """Record what a user says of an answer: rating 1 to 5, thumbs "up" or "down", words, a category of yours.

        Without an id of an interaction (or `trace_id` or `session_id` among the fields) it is of the trace that runs here.
        """
        said = {"rating": rating, "thumbs": thumbs, "comment": comment, "category": category, **fields}
        self._put(FEEDBACK, {"occurred_at": time.time()}, _of_answer(interaction_id, said))

    def signal(self, kind: str, interaction_id: str | uuid.UUID | None = None, **fields: Any) -> None:
        """Record what a user does with an answer: click, share, accept, skip or re-query. Of what: as `feedback`."""
        self._put(SIGNALS, {"occurred_at": time.time()}, _of_answer(interaction_id, {**fields, "signal": kind}))

    def trace(
        self,
        name: str = "request",
        *,
        trace_id: str | None = None,
        session_id: str | None = None,
        user_id: str | None = None,
        kind: str = "chain",
        **fields: Any,
    ) -> Stage:
        """Begin a trace: the stage that its other stages lie in. `fields`: as `Stage.set` takes them."""
        trace = Trace(str(trace_id or uuid.uuid4().hex), session_id=session_id, user_id=user_id)
        return Stage(self, trace, name, parent=None).set(kind=kind, **fields)

    def trace_stage(
        self,
        trace_id: str | None,
        name: str,
        data: Mapping[str, Any] | None = None,
        *,
        parent: str | None = None,
        **fields: Any,
    ) -> Stage:
        """Time a stage of a trace; without an id, of the one that runs here, or of a new one.

        data, fields: fields of the span, the rest become attributes. parent: id of the span above, where it ran in
        another thread or process; here it is found by itself.
        """
        above = current_stage()
        if above is not None and trace_id not in (None, above.trace_id):
            above = None
        trace = above.trace if above is not None else Trace(str(trace_id or uuid.uuid4().hex))
        return Stage(self, trace, name, parent=above, parent_span_id=parent).take(data or {}).set(**fields)

    def stage(self, name: str, data: Mapping[str, Any] | None = None, **fields: Any) -> Stage:
        """`trace_stage` of the trace that runs here."""
        return self.trace_stage(None, name, data, **fields)

    def track_llm(
        self,
        *,
        model: str | None = None,
        prompt_type: str = "llm",
        provider: str | None = None,
        tokens: Tokens | None = None,
        capture: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorate a function that calls a model; see `observatory_client.llm`."""
        return LlmCall(lambda: self, model, prompt_type, provider, tokens, capture).decorate

    def span(self, fields: Mapping[str, Any]) -> None:
        """Record a span that was timed elsewhere."""
        self._put(SPANS, {} if fields.get("parent_span_id") else self._everywhere, fields)

    def say(self, kind: str, message: str, *values: Any) -> None:
        """Write to the log, once a minute for each kind of trouble."""
        self._notices.say(kind, message, *values)

    @property
    def stats(self) -> dict[str, int]:
        """How many records were accepted, and what became of them: accepted = the sum of the others."""
        outbox, sender = self._outbox, self._sender
        ends = {"sent": sender.sent, "refused": sender.refused, "lost": sender.lost, "dropped": outbox.dropped}
        return {"accepted": outbox.accepted, **ends, "waiting": max(0, outbox.accepted - sum(ends.values()))}

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Wait until all recorded so far is sent, or given up; False if that took too long."""
        return self._outbox.wait_until_settled(timeout_s) if self.enabled else True

    def close(self, timeout_s: float = 5.0) -> None:
        """Send what waits, trying each batch once more, and stop. Called at the end of the process by itself."""
        if not self.enabled:
            return
        self.enabled = False
        self._outbox.close()
        self._worker.join(timeout_s)
        left = self.stats["waiting"]
        if left:
            self.say("close", "%d records could not be sent before the end.", left)

    def _start(self) -> None:
        """Begin with an empty queue: in a forked process, its parent sends what waited."""
        self._outbox = Outbox(**self._limits)
        try:
            transport = Transport(self._endpoint, self._key, timeout_s=self._timeout_s, agent=AGENT)
        except ValueError as error:
            transport = Transport("http://localhost", "", timeout_s=0, agent=AGENT)
            if self.enabled:
                self.say("setup", "Nothing is recorded: %s. Set OBSERVATORY_ENDPOINT and OBSERVATORY_KEY.", error)
            self.enabled = False
        self._sender = Sender(self._outbox, transport, self._notices, gather_s=self._gather_s)
        self._worker = Worker(self._sender)

    def _put(self, path: str, context: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        if not self.enabled or getattr(sending, "active", False):
            return
        try:
            fields = {**context, **{name: value for name, value in given.items() if value is not None}}
            snapshot = Snapshot()
            record = {name: snapshot.take(value) for name, value in fields.items() if value is not None}
            self._outbox.put(Item(path, record, snapshot.chars))
            self._worker.ensure_running()
        except Exception as error:  # noqa: BLE001  (monitoring never breaks the application)
            self.say("record", "A record could not be taken: %r", error)


def _of_answer(interaction_id: str | uuid.UUID | None, said: dict[str, Any]) -> dict[str, Any]:
    """With the answer of which it is said: the one named, or the trace that runs here."""
    if interaction_id is not None:
        return {**said, "interaction_id": str(interaction_id)}
    stage = current_stage()
    if stage is None or said.get("trace_id") or said.get("session_id"):
        return said
    return {**said, "trace_id": stage.trace_id}


def _of_trace(trace_id: str | None, now: float) -> dict[str, Any]:
    """What an interaction has from the trace that it is recorded in."""
    stage = current_stage()
    if stage is None or trace_id not in (None, stage.trace_id):
        return {"asked_at": now}
    trace = stage.trace
    return {
        "asked_at": trace.started_at,
        "trace_id": trace.trace_id,
        "session_id": trace.session_id,
        "user_id": trace.user_id,
        "final_decision": trace.final_decision,
        "model_version": trace.model_version,
        "latency_ms": round((time.perf_counter() - trace.begun) * 1000, 3),
        **{part: round(spent, 3) for part, spent in trace.spent.items()},
    }


def _call(method: weakref.WeakMethod[Any]) -> None:
    found = method()
    if found is not None:
        found()
