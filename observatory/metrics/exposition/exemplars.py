"""Exemplars: for each bucket of a histogram the newest trace that fell into it, read from the newest facts."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from observatory.metrics.catalogue import Exposed, Source
from observatory.metrics.exposition.families import Family, Part, scaled
from observatory.metrics.exposition.text import Exemplar, Labels
from observatory.metrics.rollup.collect import labels_of, row_type, values_of

WINDOW = timedelta(minutes=10)
ROWS = 100  # of each source; what the newest do not show has no exemplar
LONGEST_TRACE_ID = 100  # OpenMetrics allows 128 characters for names and values

Found = dict[str, dict[Labels, dict[int, Exemplar]]]


def newest_traces(project_id: int, families: Iterable[Family], *, now: datetime) -> Found:
    """Return exemplars by family, label values and the place of the bucket."""
    found: Found = defaultdict(lambda: defaultdict(dict))
    by_source: dict[str, list[tuple[Family, Part]]] = defaultdict(list)
    sources: dict[str, Source] = {}
    for family in families:
        if family.type is Exposed.HISTOGRAM:
            for part in family.parts:
                sources[part[0].source.name] = part[0].source
                by_source[part[0].source.name].append((family, part))
    for name, group in by_source.items():
        rows = _rows(sources[name], project_id, now=now)
        for family, part in group:
            _add(found[family.name], family, part, rows)
    return found


def _rows(source: Source, project_id: int, *, now: datetime) -> list[tuple[Any, str]]:
    """The newest facts that belong to a trace, the latest first."""
    if source.newest is None:
        return []
    named = row_type(source.columns)
    rows = source.newest(project_id, now - WINDOW, now + timedelta(minutes=1), ROWS)
    return [(named(row[:-1]), row[-1]) for row in rows if row[-1] and len(row[-1]) <= LONGEST_TRACE_ID]


def _add(found: dict[Labels, dict[int, Exemplar]], family: Family, part: Part, rows: Sequence[tuple[Any, str]]) -> None:
    metric, declared = part
    source = metric.source
    kept = [one for one in rows if not metric.of or getattr(one[0], source.partition) in metric.of]
    values, labels = values_of(metric, source)([row for row, _ in kept]), labels_of(metric.labels, source)
    places = [next(i for i, one in enumerate(metric.labels) if one.name == ours) for _, ours in declared.labels]
    fixed = tuple(value for _, value in declared.fixed)
    for (row, trace_id), value in zip(kept, values, strict=True):
        if value is not None:
            ours = labels(row)
            shown = (*fixed, *[ours[place] for place in places])
            bucket, at = bisect_left(declared.boundaries, value), row[0].timestamp()
            known = found[shown].get(bucket)
            if known is None or known.at < at:  # Prometheus takes none that is older than the last one it got
                found[shown][bucket] = Exemplar(trace_id, scaled(value, declared.scale), at)
