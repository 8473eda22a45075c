"""Do the sources that matter stand first?"""

from typing import Any

from feedback.models import Source
from feedback.quality.catalogue import declare
from feedback.quality.deepeval.installed import VERSION, require
from feedback.quality.evaluator import Evaluate, Evaluator, Needs, Request
from feedback.quality.judge.quoting import Quoted

CALLS = 2


def load() -> Evaluate:
    require()
    from feedback.quality.deepeval.library import ContextualPrecisionMetric
    from feedback.quality.deepeval.measure import Measure, case_of_retrieval, count_differs, evaluate_with

    def why_invalid(metric: Any, text: Quoted, request: Request) -> str:
        return count_differs(metric.verdicts, len(text.passages), "sources")

    return evaluate_with(
        Measure(
            lambda model, request: ContextualPrecisionMetric(threshold=request.threshold, model=model),
            case_of_retrieval,
            why_invalid,
            CALLS,
        )
    )


declare(
    Evaluator(
        name="deepeval.contextual_precision",
        title="Contextual precision",
        source=Source.JUDGE,
        version=f"deepeval {VERSION}.1",
        means="Whether sources that help towards the reference answer are ranked before those that do not.",
        misses="It is about retrieval and says nothing of the answer. It applies only to questions with a reference answer.",
        load=load,
        needs=(Needs.PASSAGES, Needs.REFERENCE),
        threshold=0.5,
        calls=CALLS,
    )
)
