"""The four scores of an answer by one call of the judge."""

from feedback.models import Source
from feedback.quality.catalogue import declare
from feedback.quality.evaluator import Evaluate, Evaluator


def load() -> Evaluate:
    from feedback.quality.judge.rubric import evaluate

    return evaluate


declare(
    Evaluator(
        name="judge.quality",
        title="Quality by the judge",
        source=Source.JUDGE,
        version="rubric 1",
        means="What the judge model says of accuracy against the sources, completeness, relevance and consistency, each"
        " from 0 to 1 in steps of a quarter; overall by the weights of the installation. One call an answer.",
        misses="It is one model's opinion, which may be wrong, may prefer long or polished answers, and changes with the"
        " model. Without sources accuracy is not measured. Compare it with people before you trust it.",
        load=load,
        calls=1,
    )
)
