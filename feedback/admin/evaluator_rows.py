"""What the page of the evaluators says of each: how it is used, what is missing, what came of the last day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from feedback.admin.evaluation_links import to_evaluator, to_new
from feedback.models import EvaluatorSetting, Judge, Source
from feedback.quality.batches.wish import why_not_ready
from feedback.quality.catalogue import evaluators_of
from feedback.quality.evaluator import Evaluator
from feedback.quality.settings import default_of, is_own
from observatory.metrics import catalogue, series
from observatory.metrics.series import Window
from observatory.projects.models import Project

DAY = timedelta(days=1)
FAILED, NOT_SCORABLE = "quality.failed", "quality.not_scorable"


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the answers of a day."""

    scored: int = 0
    not_scorable: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class EvaluatorRow:
    one: Evaluator
    setting: EvaluatorSetting
    reason: str  # what has to be done before it can run
    counts: Counts
    judge_model: str
    edit_url: str
    new_url: str

    @property
    def is_own(self) -> bool:
        return is_own(self.one)

    @property
    def source(self) -> str:
        """Who says it; of an estimate its title says so."""
        return "" if self.one.source == Source.ESTIMATE else str(Source(self.one.source).label)

    @property
    def threshold(self) -> float | None:
        return self.one.threshold if self.setting.threshold is None else self.setting.threshold

    @property
    def percent(self) -> Decimal:
        return Decimal(f"{100 * self.setting.sample_rate:g}")

    @property
    def version(self) -> str:
        return f"{self.one.version} {self.judge_model}".strip() if self.one.has_judge else self.one.version


def rows_of(project: Project, *, now: datetime) -> list[EvaluatorRow]:
    judge = Judge.objects.filter(project=project).only("model").first()
    kept = {row.evaluator: row for row in EvaluatorSetting.objects.filter(project=project)}
    counts = counts_of_a_day(project.pk, now=now)
    return [
        EvaluatorRow(
            one,
            kept.get(one.name) or default_of(project.pk, one),
            why_not_ready(project.pk, one, has_judge=judge is not None),
            counts.get(one.name, Counts()),
            judge.model if judge else "",
            to_evaluator(project, one.name),
            to_new(project, evaluator=one.name),
        )
        for one in evaluators_of(project.pk)
    ]


def counts_of_a_day(project_id: int, *, now: datetime) -> dict[str, Counts]:
    """By evaluator, from the buckets: failed ones among those that had a chance, and those that had none."""
    window = Window(now - DAY, now)
    failed = series.summaries(catalogue.metric(FAILED), project_id=project_id, window=window, by=("evaluator",))
    none = series.summaries(catalogue.metric(NOT_SCORABLE), project_id=project_id, window=window, by=("evaluator",))
    found = {}
    for labels in failed.keys() | none.keys():
        tried, share = (failed[labels].n, failed[labels].mean or 0) if labels in failed else (0, 0)
        missed = round(none[labels].n * (none[labels].mean or 0)) if labels in none else 0
        found[labels[0]] = Counts(tried - round(tried * share), missed, round(tried * share))
    return found
