"""How a project uses the evaluators: turned on or off, on which share of the answers, with which threshold; own criteria."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from feedback.models import EvaluatorSetting
from feedback.quality.catalogue import evaluator, evaluators_of, families
from feedback.quality.deepeval.geval import WrongOptions, criteria_of
from feedback.quality.evaluator import Evaluator

MAX_NAME, MOST_OWN = 40, 30


class WrongSetting(Exception):
    """What is wrong with a setting; `field` names the part."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True, slots=True)
class Change:
    """How an evaluator shall be used. `filters` are those of the list of interactions."""

    is_on: bool
    sample_rate: float
    threshold: float | None
    filters: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


def setting_of(project_id: int, one: Evaluator) -> EvaluatorSetting:
    """As it is used now. Not saved where the defaults hold: lexical estimates follow every answer, all else is off."""
    found = EvaluatorSetting.objects.filter(project_id=project_id, evaluator=one.name).first()
    return found or default_of(project_id, one)


def default_of(project_id: int, one: Evaluator) -> EvaluatorSetting:
    return EvaluatorSetting(project_id=project_id, evaluator=one.name, is_on=one.is_following)


def known(project_id: int, name: str) -> Evaluator | None:
    """The project's evaluator of that name."""
    return next((one for one in evaluators_of(project_id) if one.name == name), None)


def change(project_id: int, one: Evaluator, wish: Change, *, now: datetime) -> EvaluatorSetting:
    """Keep it. The moment of being turned on is kept, too: the schedule looks at what came since."""
    if not 0 < wish.sample_rate <= 1:
        raise WrongSetting("A share above 0 and up to 1.", "sample_rate")
    if wish.threshold is not None and not 0 <= wish.threshold <= 1:
        raise WrongSetting("From 0 to 1.", "threshold")
    with transaction.atomic():
        before = setting_of(project_id, one)
        values = {
            "is_on": wish.is_on,
            "sample_rate": wish.sample_rate,
            "threshold": wish.threshold,
            "filters": dict(wish.filters),
            "options": checked(wish.options) if is_own(one) else before.options,
            "changed_at": before.changed_at if before.pk and before.is_on == wish.is_on else now,
        }
        row, _ = EvaluatorSetting.objects.update_or_create(project_id=project_id, evaluator=one.name, defaults=values)
    return row


def add_own(project_id: int, name: str, wish: Change, *, now: datetime) -> EvaluatorSetting:
    """Make an evaluator of the project's own criteria."""
    family = families()[0].name
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME or ":" in name:
        raise WrongSetting(f"A name of 1 to {MAX_NAME} characters, without a colon.", "name")
    whole = f"{family}:{name}"
    own = EvaluatorSetting.objects.filter(project_id=project_id, evaluator__startswith=f"{family}:")
    if own.filter(evaluator=whole).exists():
        raise WrongSetting("There are criteria of this name.", "name")
    if own.count() >= MOST_OWN:
        raise WrongSetting(f"A project has at most {MOST_OWN} criteria of its own.", "name")
    try:
        with transaction.atomic():
            return change(project_id, evaluator(whole), wish, now=now)
    except IntegrityError:
        raise WrongSetting("There are criteria of this name.", "name") from None


def remove_own(project_id: int, name: str) -> bool:
    """Forget own criteria; what was scored by them stays. False if there are none of the name."""
    if not any(name.startswith(f"{family.name}:") for family in families()):
        return False
    return bool(EvaluatorSetting.objects.filter(project_id=project_id, evaluator=name).delete()[0])


def is_own(one: Evaluator) -> bool:
    return ":" in one.name


def checked(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of own criteria; WrongSetting says what is wrong with them."""
    try:
        criteria, steps = criteria_of(options)
    except WrongOptions as wrong:
        raise WrongSetting(str(wrong), "criteria") from None
    return {"criteria": criteria, "evaluation_steps": steps} if steps else {"criteria": criteria}
