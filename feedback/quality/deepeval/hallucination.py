"""How many of the sources does the answer contradict?"""

from typing import Any

from feedback.models import Source
from feedback.quality.catalogue import declare
from feedback.quality.deepeval.installed import VERSION, require
from feedback.quality.evaluator import Evaluate, Evaluator, Needs, Request
from feedback.quality.judge.quoting import Quoted

CALLS = 2


def load() -> Evaluate:
    require()
    from feedback.quality.deepeval.library import HallucinationMetric, LLMTestCase
    from feedback.quality.deepeval.measure import Measure, count_differs, evaluate_with

    def why_invalid(metric: Any, text: Quoted, request: Request) -> str:
        return count_differs(metric.verdicts, len(text.passages), "sources")

    return evaluate_with(
        Measure(
            lambda model, request: HallucinationMetric(threshold=request.threshold, model=model),
            lambda text: LLMTestCase(input=text.question, actual_output=text.answer, context=list(text.passages)),
            why_invalid,
            CALLS,
        )
    )


declare(
    Evaluator(
        name="deepeval.hallucination",
        title="Hallucination",
        source=Source.JUDGE,
        version=f"deepeval {VERSION}.1",
        means="The share of the sources that the answer agrees with: 1 is good. (Older versions of DeepEval: the reverse.)",
        misses="An invention that no source speaks of contradicts none, and is not seen: Faithfulness looks at each claim.",
        load=load,
        needs=(Needs.PASSAGES,),
        threshold=0.5,
        calls=CALLS,
    )
)
