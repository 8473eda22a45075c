"""How a trace ended: what was asked, what was answered, whether it failed and why. Pure: spans in, values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from interactions.digest.facts import SpanFact
from interactions.digest.words import answer_in, question_in
from interactions.models import Kind

# What such a span returns goes to a model, not to who asked.
INNER = frozenset({Kind.RETRIEVER, Kind.RERANKER, Kind.EMBEDDING, Kind.TOOL, Kind.GUARDRAIL, Kind.EVALUATOR})
# Such a span judges what others answered; a tool or a search that fails last may have left the question unanswered.
JUDGES = frozenset({Kind.GUARDRAIL, Kind.EVALUATOR})
UNSAID = {"message": "error"}  # what stands in a span that failed and said nothing


@dataclass(slots=True)
class Outcome:
    """`error` is `{type, message}`, each where it is known; empty for a trace that did not fail or said nothing of it."""

    query: str
    answer: str
    is_error: bool
    error: dict[str, Any]


def outcome_of(spans: Sequence[SpanFact], root: SpanFact) -> Outcome:
    """Return what is known of a trace, spans in order of their start; see fields.md for the rule.

    The root speaks for its trace, and so does the only span without a known parent. Of several, which wait for a root
    that may never come, none does: the calls of models tell what was asked and answered, the last to end how it ended,
    unless it only judged what the others did.
    """
    llms = [span for span in spans if span.row.kind == Kind.LLM]
    tops = _tops(spans, root)
    if len(tops) == 1:
        return _of_one(spans, tops[0], llms)
    asked = _first(question_in(span.texts.get("input")) for span in llms) or question_in(root.texts.get("input"))
    deciding = [span for span in tops if span.row.kind not in JUDGES] or tops
    last = max(deciding, key=lambda span: (span.row.ended_at, span.row.started_at))
    answer = _said_by(llms) or _result_of(last)
    if last.row.is_error:
        return Outcome(asked, "", True, error_of(spans, last))
    if answer or not any(span.row.is_error for span in spans):
        return Outcome(asked, answer, False, {})
    return Outcome(asked, "", True, error_of(spans, None))


def _of_one(spans: Sequence[SpanFact], top: SpanFact, llms: Sequence[SpanFact]) -> Outcome:
    asked = question_in(top.texts.get("input")) or _first(question_in(span.texts.get("input")) for span in llms)
    own = answer_in(top.texts.get("output")) if top.row.parent_span_id is None else _result_of(top)
    if top.row.is_error:
        # What a routing step said before the request failed is no answer to the user.
        return Outcome(asked, own, True, error_of(spans, top))
    return Outcome(asked, own or _said_by(llms), False, {})


def _said_by(llms: Sequence[SpanFact]) -> str:
    """Return the last answer of a call that did not fail: one that failed answered nothing, whenever it came."""
    return _first(answer_in(span.texts.get("output")) for span in reversed(llms) if not span.row.is_error)


def _result_of(span: SpanFact) -> str:
    return "" if span.row.kind in INNER else answer_in(span.texts.get("output"))


def error_of(spans: Sequence[SpanFact], failed: SpanFact | None) -> dict[str, Any]:
    """Return why `failed` failed: as it says itself, and what it leaves out as a failed span says that tells the same.

    The same is told by who has its type, where it leaves out the message, or its message; the deepest goes first, then the
    earliest. What contradicts it is another error, which may have been handled, and lends it nothing. Where it says nothing,
    or is None, the deepest of the failed spans speaks that has a message.
    """
    own = _told(failed)
    if own.get("type") and own.get("message"):
        return own
    others = [span for span in spans if span.row.is_error and span is not failed and _told(span)]
    if others:
        depths = _depths(spans)
        others.sort(key=lambda span: -depths[span.row.span_id])
    said = [_told(span) for span in others]
    if not own:
        return next((error for error in said if error.get("message")), next(iter(said), {}))
    has, lacks = ("type", "message") if own.get("type") else ("message", "type")
    lent = _first(str(error.get(lacks) or "") for error in said if error.get(has) == own.get(has))
    return own | {lacks: lent} if lent else own


def _tops(spans: Sequence[SpanFact], root: SpanFact) -> list[SpanFact]:
    if root.row.parent_span_id is None:
        return [root]
    known = {span.row.span_id for span in spans}
    return [span for span in spans if span.row.parent_span_id not in known] or [root]


def _told(span: SpanFact | None) -> dict[str, Any]:
    error = span.texts.get("error") if span is not None else None
    return error if isinstance(error, dict) and error != UNSAID else {}


def _depths(spans: Iterable[SpanFact]) -> dict[str, int]:
    """Return how many known spans are above each; spans that are each other's parents are at the top."""
    parents = {span.row.span_id: span.row.parent_span_id for span in spans}
    depths: dict[str, int] = {}
    for span_id in parents:
        way: dict[str, None] = {}
        current: str | None = span_id
        while current in parents and current not in depths and current not in way:
            way[current] = None
            current = parents[current]
        depth = depths.get(current, -1) if current else -1
        for passed in reversed(way):
            depth += 1
            depths[passed] = depth
    return depths


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")
