"""The evaluators by name. A new one is one file, and its line in declared.py."""

from dataclasses import replace

from feedback.quality.evaluator import Evaluator

_EVALUATORS: dict[str, Evaluator] = {}


def declare(*evaluators: Evaluator) -> None:
    for one in evaluators:
        if one.name in _EVALUATORS:
            raise ValueError(f"The evaluator {one.name} is declared twice.")
        _EVALUATORS[one.name] = one


def evaluators() -> list[Evaluator]:
    """Those that every project has, in the order of their declaration."""
    return [one for one in _EVALUATORS.values() if not one.is_family]


def families() -> list[Evaluator]:
    """Those of which a project makes its own: `deepeval.geval` is `deepeval.geval:Tone` there."""
    return [one for one in _EVALUATORS.values() if one.is_family]


def evaluator(name: str) -> Evaluator:
    """KeyError if there is none of the name. `FAMILY:OWN` is a project's own, whatever OWN is."""
    family, colon, own = name.partition(":")
    if not colon:
        found = _EVALUATORS[name]
        if found.is_family:
            raise KeyError(name)
        return found
    found = _EVALUATORS[family]
    if not found.is_family or not own.strip():
        raise KeyError(name)
    return replace(found, name=name, title=f"{found.title}: {own}", is_family=False)


def evaluators_of(project_id: int) -> list[Evaluator]:
    """Those that every project has, and the project's own."""
    from feedback.models import EvaluatorSetting

    begins = tuple(f"{family.name}:" for family in families())
    names = EvaluatorSetting.objects.filter(project_id=project_id, evaluator__contains=":").order_by("evaluator")
    own = [name for name in names.values_list("evaluator", flat=True) if name.startswith(begins)]
    return evaluators() + [evaluator(name) for name in own]
