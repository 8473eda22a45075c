"""The evaluators of a batch as the project uses them now: with threshold, options, and the version of what they will say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feedback.models import Batch
from feedback.quality.catalogue import evaluator
from feedback.quality.evaluator import Evaluator
from feedback.quality.judge.open import OpenJudge
from feedback.quality.run import settings_of, version_of


@dataclass(frozen=True, slots=True)
class InUse:
    evaluator: Evaluator
    threshold: float | None
    options: Mapping[str, Any]
    version: str

    @property
    def name(self) -> str:
        return self.evaluator.name


def uses_of(batch: Batch, judge: OpenJudge | None) -> list[InUse]:
    """KeyError with the name of an evaluator that is gone."""
    return [in_use(batch.project_id, evaluator(name), judge) for name in batch.evaluators]


def in_use(project_id: int, one: Evaluator, judge: OpenJudge | None) -> InUse:
    threshold, options = settings_of(project_id, one)
    return InUse(one, threshold, options, version_of(one, options, judge))


def needs_judge(names: Sequence[str]) -> bool:
    return any(evaluator(name).has_judge for name in names)
