"""GET /metrics as a function: everything about one project, in one of the two formats."""

from collections import defaultdict
from datetime import datetime

from django.conf import settings

from observatory.metrics.catalogue import Exposed
from observatory.metrics.exposition.accept import OPENMETRICS
from observatory.metrics.exposition.exemplars import newest_traces
from observatory.metrics.exposition.families import Family, families
from observatory.metrics.exposition.live import read_live
from observatory.metrics.exposition.reading import GROWING, WINDOWED, Lines, counted, newest, recent
from observatory.metrics.exposition.samples import Histogram, Sample, samples
from observatory.metrics.exposition.text import Exemplars, Writer


def expose(project_id: int, *, now: datetime, content_type: str) -> str:
    """Return the text. Counters and histograms are sums of committed rows, so every process says the same."""
    writer = Writer(is_openmetrics=content_type == OPENMETRICS)
    declared = families()
    exemplars = newest_traces(project_id, declared, now=now) if writer.is_openmetrics else {}
    lines = _lines(project_id, declared, now=now)
    blocks = {family.name: _block(writer, family, lines[family.name], exemplars.get(family.name, {})) for family in declared}
    for gauge, value in read_live(project_id, now=now):
        name = named(gauge.name)
        blocks[gauge.name] = [*writer.head(name, "gauge", gauge.help), *writer.scalars(name, (), [Sample((), value)])]
    ordered = [blocks[name] for name in sorted(blocks, key=named)]
    return "\n".join([*(line for block in ordered for line in block), *writer.end()]) + "\n"


def named(name: str) -> str:
    return name.replace("{ns}", settings.OBSERVATORY["OBSERVATORY_METRICS_NAMESPACE"])


def _lines(project_id: int, declared: list[Family], *, now: datetime) -> dict[str, Lines]:
    """The series of each family: one query for all that grow, one for each window of gauges."""
    growing = counted(project_id, (one for one in declared if one.type in GROWING))
    found: dict[str, Lines] = {one.name: growing for one in declared if one.type in GROWING}
    windows: dict[int, list[Family]] = defaultdict(list)
    for family in declared:
        if family.type in WINDOWED:
            windows[family.window_s].append(family)
        elif family.type is Exposed.GAUGE_NEWEST:
            found[family.name] = newest(project_id, family, now=now)
    for group in windows.values():
        lines = recent(project_id, group, now=now)
        found |= {family.name: lines for family in group}
    return found


def _block(writer: Writer, family: Family, lines: Lines, exemplars: Exemplars) -> list[str]:
    name, found = named(family.name), samples(family, lines)
    if not found:
        return []
    head = writer.head(name, family.prometheus_type, family.help)
    if family.type is Exposed.HISTOGRAM:
        histograms = [one for one in found if isinstance(one, Histogram)]
        return [*head, *writer.histograms(name, family.labels, family.boundaries, histograms, exemplars)]
    return [*head, *writer.scalars(name, family.labels, [one for one in found if isinstance(one, Sample)])]
