"""The evaluators by name. A new one is one file, and its line here."""

from feedback.quality.evaluator import Evaluator

_EVALUATORS: dict[str, Evaluator] = {}


def declare(*evaluators: Evaluator) -> None:
    for one in evaluators:
        if one.name in _EVALUATORS:
            raise ValueError(f"The evaluator {one.name} is declared twice.")
        _EVALUATORS[one.name] = one


def evaluators() -> list[Evaluator]:
    """All of them, in the order of their declaration."""
    return list(_EVALUATORS.values())


def evaluator(name: str) -> Evaluator:
    """KeyError if there is none of the name."""
    return _EVALUATORS[name]
