"""Did retrieval find what the reference answer needs?"""

import re
from typing import Any

from feedback.models import Source
from feedback.quality.catalogue import declare
from feedback.quality.deepeval.installed import VERSION, require
from feedback.quality.evaluator import Evaluate, Evaluator, Needs, Request
from feedback.quality.judge.quoting import MAX_REFERENCE, Quoted

CALLS = 2
# An end that is surely one: not after a short word such as "Dr." or "e.g.", and before a capital or a digit.
_SURE_END = re.compile(r"(?<=[^\W\d]{4}[.!?])\s+(?=[A-Z0-9])")


def sure_sentences(text: str) -> int:
    """At least so many sentences a text has."""
    return len([part for part in _SURE_END.split(text) if any(map(str.isalnum, part))])


def load() -> Evaluate:
    require()
    from feedback.quality.deepeval.library import ContextualRecallMetric
    from feedback.quality.deepeval.measure import Measure, case_of_retrieval, evaluate_with

    def why_invalid(metric: Any, text: Quoted, request: Request) -> str:
        # The judge itself splits the reference into sentences, so more of them than we are sure of are right.
        least = sure_sentences(request.exchange.reference[:MAX_REFERENCE])
        given = len(metric.verdicts)
        return "" if given >= least else f"the judge gave {given} verdicts on at least {least} sentences of the reference"

    return evaluate_with(
        Measure(
            lambda model, request: ContextualRecallMetric(threshold=request.threshold, model=model),
            case_of_retrieval,
            why_invalid,
            CALLS,
        )
    )


declare(
    Evaluator(
        name="deepeval.contextual_recall",
        title="Contextual recall",
        source=Source.JUDGE,
        version=f"deepeval {VERSION}.1",
        means="The share of the reference answer's sentences that can be traced to the sources.",
        misses="It is about retrieval and says nothing of the answer. It applies only to questions with a reference answer.",
        load=load,
        needs=(Needs.PASSAGES, Needs.REFERENCE),
        threshold=0.6,
        calls=CALLS,
    )
)
