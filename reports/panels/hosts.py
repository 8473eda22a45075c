"""The levels of machines, host by host, and of what waits in this project: read together, finer than other panels.

A bottleneck of half an hour cannot be seen in hours: a day is read in steps of 5 minutes, unless there are many hosts.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from observatory.metrics import catalogue
from observatory.metrics.levels import Level
from observatory.metrics.models import Series
from observatory.metrics.series import CHART_POINTS, Point
from observatory.metrics.windows import PANEL_POINTS, Lines, read_lines
from observatory.projects.own import OWN_SLUG
from observatory.stats.summary import merge
from reports.panels.asked import Asked

MACHINE = (
    "system.cpu",
    "system.memory",
    "system.disk",
    "system.network",
    "system.connections",
    "system.queue",
    "system.health_score",
)
WAITING = "pipeline.digest_lag"
FEW_HOSTS = 10


def by_host(name: str, asked: Asked) -> dict[str, list[Point]]:
    """The points of each host, the one with most values first. What has no hosts is under ""."""
    found = {"".join(labels): list(line) for labels, line in _read(asked)[name].points.items()}
    return dict(sorted(found.items(), key=lambda item: (-sum(point.summary.n for point in item[1]), item[0])))


def step_of(name: str, asked: Asked) -> Level:
    return _read(asked)[name].level


def together(lines: Mapping[str, list[Point]]) -> list[Point]:
    """All hosts as one."""
    at: dict[datetime, list[Point]] = defaultdict(list)
    for point in (one for line in lines.values() for one in line):
        at[point.start].append(point)
    return [Point(start, same[0].seconds, merge(one.summary for one in same)) for start, same in sorted(at.items())]


def _read(asked: Asked) -> dict[str, Lines]:
    return asked.once("hosts", lambda: _lines(asked))


def _lines(asked: Asked) -> dict[str, Lines]:
    theirs = Q(project_id=asked.project_id) | Q(project__slug=OWN_SLUG)
    hosts = Series.objects.filter(theirs, metric=MACHINE[0]).count()
    return read_lines(
        [catalogue.metric(name) for name in (*MACHINE, WAITING)],
        project_id=asked.project_id,
        window=asked.window,
        most_points=CHART_POINTS if hosts <= FEW_HOSTS else PANEL_POINTS,
    )
