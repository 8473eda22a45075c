"""From series to the samples of a family: series that share the family's labels are added up.

A family has at most MAX_SERIES label sets, however many metrics feed it. Those whose first series is the oldest stand for
themselves, the others are one under "other": so a label set that is shown stays shown, and no counter falls.
"""

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from observatory.metrics.catalogue import MAX_SERIES, OTHER, Exposed, Kind, Metric, Prometheus
from observatory.metrics.exposition.families import Family
from observatory.metrics.exposition.reading import Labels, Line, Lines
from observatory.stats.summary import Summary, merge


@dataclass(frozen=True, slots=True)
class Sample:
    """Label values in the order of the family's labels, and the value."""

    labels: Labels
    value: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """`counts` are of the values at most as large as each boundary of the family; `n` of all."""

    labels: Labels
    counts: tuple[int, ...]
    n: int
    total: float


def samples(family: Family, lines: Lines) -> list[Sample] | list[Histogram]:
    """Return the samples of a family from the series of its metrics, ordered by their labels."""
    if family.type is Exposed.HISTOGRAM:
        return _histograms(family, lines)
    if family.type is Exposed.COUNTER:
        return _counters(family, lines)
    if family.type is Exposed.GAUGE_NEWEST:
        return _newest(family, lines)
    return _gauges(family, lines)


def _grouped(family: Family, lines: Lines) -> Iterator[tuple[Metric, Prometheus, Labels, Summary]]:
    """The series of a family, each under the label values that the family shows."""
    found = list(_labelled(family, lines))
    first: dict[Labels, int] = {}
    for _, _, labels, line in found:
        first[labels] = min(first.get(labels, line.series_id), line.series_id)
    constants = {declared.fixed for _, declared in family.parts}
    shown = set(sorted(first, key=lambda labels: first[labels])[: MAX_SERIES - len(constants)])
    for metric, declared, labels, line in found:
        yield metric, declared, labels if labels in shown else _other(declared), line.summary


def _other(declared: Prometheus) -> Labels:
    return (*(value for _, value in declared.fixed), *(OTHER for _ in declared.labels))


def _labelled(family: Family, lines: Lines) -> Iterator[tuple[Metric, Prometheus, Labels, Line]]:
    for metric, declared in family.parts:
        places = [next(i for i, one in enumerate(metric.labels) if one.name == ours) for _, ours in declared.labels]
        fixed = tuple(value for _, value in declared.fixed)
        for line in lines.get(metric.name, ()):
            yield metric, declared, (*fixed, *[line.labels[place] for place in places]), line


def _counters(family: Family, lines: Lines) -> list[Sample]:
    sums: dict[Labels, list[float]] = defaultdict(list)
    for metric, declared, labels, summary in _grouped(family, lines):
        sums[labels].append(summary.total * declared.scale if metric.kind is Kind.SUM else summary.n)
    return [Sample(labels, math.fsum(values)) for labels, values in sorted(sums.items())]


def _histograms(family: Family, lines: Lines) -> list[Histogram]:
    parts: dict[Labels, list[tuple[tuple[int, ...], int, float]]] = defaultdict(list)
    for metric, declared, labels, summary in _grouped(family, lines):
        counts = _counts(metric, declared, summary)
        parts[labels].append((counts, summary.n, summary.total * declared.scale))
    return [
        Histogram(
            labels,
            tuple(map(sum, zip(*(counts for counts, _, _ in found), strict=True))),
            sum(n for _, n, _ in found),
            math.fsum(total for _, _, total in found),
        )
        for labels, found in sorted(parts.items())
    ]


def _counts(metric: Metric, declared: Prometheus, summary: Summary) -> tuple[int, ...]:
    """The counts at the family's boundaries. Of values that were counted at other boundaries only the number is known."""
    kept = metric.boundaries
    if len(summary.bounds) != len(kept):
        return (0,) * len(declared.boundaries)
    return tuple([summary.bounds[kept.index(boundary)] for boundary in declared.boundaries])


def _gauges(family: Family, lines: Lines) -> list[Sample]:
    parts: dict[Labels, list[Summary]] = defaultdict(list)
    for _, _, labels, summary in _grouped(family, lines):
        parts[labels].append(summary)
    scale = family.parts[0][1].scale
    values = ((labels, _gauge(family.type, merge(found))) for labels, found in sorted(parts.items()))
    return [Sample(labels, value * scale) for labels, value in values if value is not None]


def _gauge(kind: Exposed, summary: Summary) -> float | None:
    if kind is Exposed.GAUGE_LAST:
        return summary.last
    return summary.distinct if kind is Exposed.GAUGE_DISTINCT else summary.mean


def _newest(family: Family, lines: Lines) -> list[Sample]:
    """One sample: of the label set with the most facts in the newest minute."""
    sums: dict[Labels, int] = defaultdict(int)
    for _, _, labels, summary in _grouped(family, lines):
        sums[labels] += summary.n
    return [Sample(max(sums, key=lambda labels: (sums[labels], labels)), 1.0)] if sums else []
