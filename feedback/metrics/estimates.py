"""What is estimated without a judge: from words alone for every answer, by an embedding model where it was asked.

Never mixed with each other, nor with what is judged.
"""

from collections.abc import Callable
from typing import Any

from feedback.metrics.sources import CATEGORY, ENVIRONMENT, OF_ANSWER, PROMPT_NAME, PROMPT_VERSION, SCORES
from feedback.models import Source, State
from feedback.quality.embedding.named import NAME as EMBEDDING
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare

ESTIMATE = "estimate"
WEAK = 0.35  # an accuracy below it: all of 22 held out answers of BEGIN were bad, in all 58 %: see benchmarks/README.md
HOUR_S = 3_600
# The parts of an estimate, and what each asks; the first four are weighed into the whole.
PARTS = {
    "accuracy": "What the answer says is in its sources",
    "completeness": "The answer takes up all that was asked",
    "relevance": "The answer speaks of the question",
    "consistency": "The answer does not contradict itself",
    "groundedness": "Words of the answer that are in its sources",
    "citations": "Citations of the answer that lead to a source",
    "refusal": "The answer answers instead of refusing",
    "repetition": "The answer does not repeat itself",
    "language": "The answer is in the language of the question",
}
ESTIMATES = (int(Source.ESTIMATE),)


def overall(row: Any) -> float | None:
    return row.value if row.name == ESTIMATE and row.state == State.SCORED else None


def of_part(name: str) -> Callable[[Any], float | None]:
    """A part may be known where the whole is not."""
    return lambda row: row.parts.get(name) if row.name == ESTIMATE and row.state != State.FAILED else None


accuracy = of_part("accuracy")


def by_embedding(row: Any) -> float | None:
    return row.value if row.name == EMBEDDING and row.state == State.SCORED else None


def is_weak(row: Any) -> bool | None:
    value = accuracy(row)
    return None if value is None else value < WEAK


def estimate(
    name: str, help: str, labels: tuple[Label, ...], value: Callable[[Any], float | None], *, kind: Kind = Kind.DISTRIBUTION
) -> Metric:
    return Metric(
        f"quality.{name}",
        unit="1",
        help=f"{help}, from 0 to 1. Lexical estimate (no model).",
        kind=kind,
        source=SCORES,
        value=value,
        of=ESTIMATES,
        labels=labels,
        goodness=Goodness.HIGHER,
        prometheus=()
        if name != "estimate"
        else (
            Prometheus(
                "{ns}_llm_quality_estimate",
                Exposed.GAUGE_MEAN,
                window_s=HOUR_S,
                help="Mean lexical estimate (no model) of the last hour, from 0 to 1.",
            ),
        ),
    )


declare(
    estimate("estimate", "Quality of answers", OF_ANSWER, overall),
    *(estimate(f"estimate_{name}", help, OF_ANSWER, of_part(name)) for name, help in PARTS.items()),
    estimate("estimate_by_category", "Quality of answers by category", (CATEGORY, ENVIRONMENT), overall, kind=Kind.SUM),
    estimate(
        "estimate_by_prompt",
        "Quality of answers by prompt",
        (PROMPT_NAME, PROMPT_VERSION, ENVIRONMENT),
        overall,
        kind=Kind.SUM,
    ),
    Metric(
        "quality.weak_estimates",
        unit="share",
        help=f"Share of answers with sources whose accuracy is below {WEAK}: they hardly say what is there. Lexical "
        "estimate (no model).",
        kind=Kind.PROPORTION,
        source=SCORES,
        value=is_weak,
        of=ESTIMATES,
        labels=OF_ANSWER,
        goodness=Goodness.LOWER,
    ),
    Metric(
        "quality.embedding_relevance",
        unit="1",
        help="How near question and answer are in meaning, from 0 to 1. Estimate by an embedding model (no judge), where it "
        "is turned on.",
        kind=Kind.DISTRIBUTION,
        source=SCORES,
        value=by_embedding,
        of=ESTIMATES,
        labels=OF_ANSWER,
        goodness=Goodness.HIGHER,
    ),
)
