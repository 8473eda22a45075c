"""Each judge against people: agreement, and its pass rate as it is and as the random sample of reviews corrects it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from feedback.metrics.calibration import JUDGE_PASSED
from feedback.review.reviewed import Reviewed, with_judges
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
