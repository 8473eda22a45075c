"""The lexical estimate of an answer: all measures together, and their overall by the weights of the installation."""

from collections.abc import Sequence
from typing import Any

from feedback.models import Source, State
from feedback.quality.catalogue import declare
from feedback.quality.estimate.accuracy import accuracy
from feedback.quality.estimate.citations import citations
from feedback.quality.estimate.completeness import completeness
from feedback.quality.estimate.consistency import consistency
from feedback.quality.estimate.groundedness import groundedness
from feedback.quality.estimate.language import language
from feedback.quality.estimate.measure import MOST_CHARS, MOST_FINDINGS, Measure, Measuring
from feedback.quality.estimate.prepared import Prepared, prepare
from feedback.quality.estimate.refusal import refusal
from feedback.quality.estimate.relevance import relevance
from feedback.quality.estimate.repetition import repetition
from feedback.quality.evaluator import Evaluate, Evaluator, Request, Result
from feedback.quality.weights import overall

VERSION = "lexical 1"
MEASURES: dict[str, Measuring] = {
    "accuracy": accuracy,
    "completeness": completeness,
    "relevance": relevance,
    "consistency": consistency,
    "groundedness": groundedness,
    "citations": citations,
    "refusal": refusal,
    "repetition": repetition,
    "language": language,
}
FAILED, EMPTY, REFUSED = "the interaction failed", "the answer has no words with content", "the answer refuses"


def estimate(requests: Sequence[Request], judge: Any = None) -> list[Result]:
    return [estimate_one(request) for request in requests]


def estimate_one(request: Request) -> Result:
    exchange = request.exchange
    if exchange.interaction.is_error:
        return Result(State.NOT_SCORABLE, reason=FAILED)
    one = prepare(exchange.question, exchange.answer, exchange.passages, exchange.reference, exchange.passage_names)
    if not one.answer.content:
        return Result(State.NOT_SCORABLE, reason=EMPTY)
    return result_of(one, request.threshold)


def result_of(one: Prepared, threshold: float | None = None) -> Result:
    """A refusal has parts, but no overall: it may be right not to answer."""
    found = {name: measure(one) for name, measure in MEASURES.items()}
    parts = {name: None if measure.value is None else round(measure.value, 4) for name, measure in found.items()}
    value, coverage = overall(parts)
    details = _details(found, coverage, one)
    if parts["refusal"] == 0:
        return Result(State.NOT_SCORABLE, reason=REFUSED, parts=parts, details=details)
    if value is None:
        reason = f"only {coverage:.0%} of the weight could be measured"
        return Result(State.NOT_SCORABLE, reason=reason, parts=parts, details=details)
    passed = None if threshold is None else value >= threshold
    return Result(State.SCORED, round(value, 4), parts=parts, details=details, is_passed=passed, threshold=threshold)


def _details(found: dict[str, Measure], coverage: float, one: Prepared) -> dict[str, Any]:
    findings = [
        {"part": name, **finding.as_dict(), "text": finding.text[:MOST_CHARS]}
        for name, measure in found.items()
        for finding in measure.findings[:MOST_FINDINGS]
    ]
    reasons = {name: measure.reason for name, measure in found.items() if measure.value is None}
    return {"coverage": round(coverage, 4), "findings": findings, "reasons": reasons, "is_cut": one.is_cut}


def load() -> Evaluate:
    return estimate


declare(
    Evaluator(
        name="estimate",
        title="Lexical estimate (no model)",
        source=Source.ESTIMATE,
        version=VERSION,
        means=(
            "How the words of an answer go with its sources, its question and each other. Good for ranking, and for "
            "findings such as a number that no source has."
        ),
        misses=(
            "What words do not show: a swapped role, most negations, a paraphrase in other words, whether a source is "
            "right. Without sources it says nothing of truth."
        ),
        load=load,
    )
)
