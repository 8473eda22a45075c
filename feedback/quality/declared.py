"""Every file that declares evaluators. They are light: what they load is imported where they run."""

from importlib import import_module

FILES = (
    "feedback.quality.estimate.evaluator",
    "feedback.quality.embedding.evaluator",
    "feedback.quality.judge.quality",
    "feedback.quality.deepeval.answer_relevancy",
    "feedback.quality.deepeval.faithfulness",
    "feedback.quality.deepeval.contextual_recall",
    "feedback.quality.deepeval.contextual_precision",
    "feedback.quality.deepeval.hallucination",
    "feedback.quality.deepeval.geval",
)


def declare_all() -> None:
    """Import them, when the application starts; each declares its own."""
    for name in FILES:
        import_module(name)
