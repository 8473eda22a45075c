"""Each judge against people: agreement, and its pass rate as it is and as the random sample of reviews corrects it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from feedback.metrics.calibration import JUDGE_PASSED
from feedback.models import Batch, EvaluatorSetting
from feedback.quality.batches.wish import MOST_IDS, Wish, ask
from feedback.quality.catalogue import evaluators_of
from feedback.review.reviewed import Reviewed, reviewed_answers, with_judges
from observatory.metrics import catalogue
from observatory.metrics.series import Window, summaries
from observatory.stats.agreement import FEWEST_PAIRS, Agreement
from observatory.stats.auc import Auc, auc
from observatory.stats.corrected import Checked, Corrected, corrected_rate


@dataclass(frozen=True, slots=True)
class Judge:
    """An evaluator in one version. `agreement`: all reviewed answers; `rate`: by those that were drawn at random."""

    name: str
    version: str
    agreement: Agreement
    rate: Corrected

    @property
    def too_few(self) -> str:
        n = self.agreement.n
        return "" if n >= FEWEST_PAIRS else f"too few reviews: {n} of {FEWEST_PAIRS}"


@dataclass(frozen=True, slots=True)
class Estimator:
    """How well an estimate tells the answers that people passed from those that they failed."""

    name: str
    version: str
    area: Auc


def judges(project_id: int, answers: Sequence[Reviewed], window: Window) -> list[Judge]:
    """All that gave verdicts in the window, by name and version."""
    metric = catalogue.metric(JUDGE_PASSED)
    given = summaries(metric, project_id=project_id, window=window, by=("evaluator", "version"))
    agreements = with_judges(answers)
    keys = sorted({*agreements, *((labels[0], labels[1]) for labels in given)})
    found = []
    for name, version in keys:
        whole = given.get((name, version))
        passed, judged = (round(whole.total), whole.n) if whole else (0, 0)
        rate = corrected_rate(passed, judged, _sample(answers, name, version))
        found.append(Judge(name, version, agreements.get((name, version), Agreement()), rate))
    return found


def _sample(answers: Iterable[Reviewed], name: str, version: str) -> list[Checked]:
    """The pairs of the random sample: others were chosen for what is wrong with them, and say nothing of all answers."""
    return [
        Checked(judgement.is_passed, one.is_passed, one.item.sample_rate)
        for one in answers
        if one.item.sample_rate
        for judgement in one.judged
        if (judgement.name, judgement.version) == (name, version) and judgement.is_passed is not None
    ]


def unjudged(answers: Iterable[Reviewed], evaluators: Iterable[str]) -> list[UUID]:
    """Reviewed answers of the random sample of which one of these has said nothing, newest first.

    Only those of the sample: answers that were picked as doubtful would bend the rate of all that was judged.
    """
    wanted = set(evaluators)
    sample = (one for one in answers if one.item.sample_rate)
    return [one.item.interaction_id for one in sample if wanted - {judgement.name for judgement in one.judged}]


def judging(project_id: int) -> list[str]:
    """The evaluators with a judge that the project has turned on."""
    rows = EvaluatorSetting.objects.filter(project_id=project_id, is_on=True)
    on = set(rows.values_list("evaluator", flat=True))
    return [one.name for one in evaluators_of(project_id) if one.name in on and one.has_judge]


def estimators(answers: Sequence[Reviewed]) -> list[Estimator]:
    """The estimates, by name and version."""
    values: dict[tuple[str, str], dict[bool, list[float]]] = {}
    for one in answers:
        for estimate in one.estimated:
            if estimate.value is not None:
                group = values.setdefault((estimate.name, estimate.version), {True: [], False: []})
                group[one.is_passed].append(estimate.value)
    return [Estimator(*key, auc(group[True], group[False])) for key, group in sorted(values.items())]


def pairs(agreement: Agreement) -> Mapping[str, int]:
    """The four cells by name: the judge's word first."""
    return {f"{judge}_{person}": agreement.count(judge, person) for judge in ("pass", "fail") for person in ("pass", "fail")}


def have_judged(project_id: int, *, by: str, now: datetime) -> Batch | None:
    """Ask for verdicts on the newest reviewed answers of the random sample that lack one; None if there are none.

    CannotEvaluate says what stands against it.
    """
    names = judging(project_id)
    ids = unjudged(reviewed_answers(project_id, since=None), names)[:MOST_IDS]
    if names and not ids:
        return None
    return ask(Wish(project_id, names, ids=ids), trigger=Batch.Trigger.PERSON, by=by, now=now)
