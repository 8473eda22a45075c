"""How the values of one score are spread, and how far two scores of the same answers agree.

Read are the newest MOST_READ that the list shows: a figure always says of how many it speaks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from feedback.models import Score, ScoreQuerySet, State
from feedback.reading.pages import Wanted
from observatory.charts.chart import Chart
from observatory.charts.histogram import Bin, histogram
from observatory.charts.marks import Mark
from observatory.stats.agreement import Agreement, Kappa
from observatory.stats.correlation import spearman, spearman_interval
from observatory.stats.intervals import Interval, wilson

MOST_READ = 3_000
BINS = 20
VERSIONS = 5


@dataclass(frozen=True, slots=True)
class Spread:
    """Of `n` values, of `judged` verdicts. What failed or could not be measured has no value and is counted apart."""

    n: int
    mean: float | None
    median: float | None
    chart: Chart | None
    judged: int
    pass_share: float | None
    pass_interval: Interval | None
    failed: int
    not_scorable: int
    versions: Sequence[tuple[str, int]]
    sources: Sequence[str]
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two scores of the same `n` answers: by their verdicts where both pass or fail, by the order of their values."""

    other: str
    n: int
    agreement: Agreement
    kappa: Kappa
    rank: float | None
    rank_interval: Interval | None


def among_newest(wanted: Wanted) -> tuple[ScoreQuerySet, bool]:
    """What passes of the newest MOST_READ, in no order, and whether there are more than these."""
    keys = list(wanted.within.order_by("-at", "-id").values_list("pk", flat=True)[: MOST_READ + 1])
    return Score.objects.filter(pk__in=keys[:MOST_READ]).filter(wanted.rest), len(keys) > MOST_READ


def spread_of(rows: ScoreQuerySet, *, is_cut: bool) -> Spread:
    """One statement."""
    shown = list(rows.values_list("value", "state", "is_passed", "version", "source"))
    values = [value for value, *_ in shown if value is not None]
    verdicts = [passed for _, _, passed, _, _ in shown if passed is not None]
    passed = sum(verdicts)
    return Spread(
        n=len(values),
        mean=fmean(values) if values else None,
        median=median(values) if values else None,
        chart=_chart(values) if values else None,
        judged=len(verdicts),
        pass_share=passed / len(verdicts) if verdicts else None,
        pass_interval=wilson(passed, len(verdicts)) if verdicts else None,
        failed=sum(state == State.FAILED for _, state, *_ in shown),
        not_scorable=sum(state == State.NOT_SCORABLE for _, state, *_ in shown),
        versions=_counted([version for _, _, _, version, _ in shown if version]),
        sources=sorted({Score(source=source).get_source_display() for *_, source in shown}),
        is_cut=is_cut,
    )


def pairing_of(project_id: int, rows: ScoreQuerySet, other: str) -> Pairing:
    """Two statements. Of several scores of a name on one answer the newest counts."""
    columns = ("interaction_id", "value", "is_passed")
    found = rows.filter(state=State.SCORED).exclude(interaction_id=None).order_by("-at", "-id")
    ones = _by_answer(found.values_list(*columns))
    theirs = Score.objects.for_project(project_id).scored().filter(interaction_id__in=list(ones), name=other)
    others = _by_answer(theirs.order_by("-at", "-id").values_list(*columns))
    both = [(ones[key], others[key]) for key in ones if key in others]
    verdicts = [(_word(one[1]), _word(two[1])) for one, two in both if None not in (one[1], two[1])]
    values = [(one[0], two[0]) for one, two in both if one[0] is not None and two[0] is not None]
    rank = spearman(values)
    agreement = Agreement.of(verdicts)
    interval = None if rank is None else spearman_interval(rank, len(values))
    return Pairing(other, len(both), agreement, agreement.kappa, rank, interval)


def _by_answer(rows: Any) -> dict[Any, tuple[float | None, bool | None]]:
    found: dict[Any, tuple[float | None, bool | None]] = {}
    for key, value, is_passed in rows:
        found.setdefault(key, (value, is_passed))
    return found


def _word(is_passed: bool | None) -> str:
    return "passed" if is_passed else "failed"


def _counted(words: Sequence[str]) -> list[tuple[str, int]]:
    counts = {word: words.count(word) for word in dict.fromkeys(words)}
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:VERSIONS]


def _chart(values: Sequence[float]) -> Chart:
    """Whole numbers on a short scale have a column each, as ratings do; else BINS equal ones, from 0 to 1 for shares."""
    low, high = min(values), max(values)
    if all(value.is_integer() for value in values) and 1 < high <= 10 and low >= 0:
        edges = [number - 0.5 for number in range(int(low), int(high) + 2)]
    else:
        low, high = (0.0, 1.0) if low >= 0 and high <= 1 else (low, high if high > low else low + 1)
        edges = [low + (high - low) * step / BINS for step in range(BINS + 1)]
    counts = [0] * (len(edges) - 1)
    width = edges[1] - edges[0]
    for value in values:
        counts[min(int((value - edges[0]) / width), len(counts) - 1)] += 1
    bins = [Bin(a, b, Mark(n, n=n)) for a, b, n in zip(edges, edges[1:], counts, strict=False)]
    return histogram(
        bins,
        unit="1",
        say="{:.2f}".format,
        description=f"How {len(values):,} values are spread, from {min(values):.2f} to {max(values):.2f}.",
        rules=[("median", median(values))],
    )
