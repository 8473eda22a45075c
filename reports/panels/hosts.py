"""The levels of machines, host by host, and of what waits in this project: read together, finer than other panels.

A bottleneck of half an hour cannot be seen in hours: a day is read in steps of 5 minutes, unless there are many hosts.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from observatory.metrics import catalogue
from observatory.metrics.joined import wider
from observatory.metrics.levels import Level
from observatory.metrics.models import Series
from observatory.metrics.series import CHART_POINTS, Point
from observatory.metrics.windows import PANEL_POINTS, Lines, read_lines
from observatory.projects.own import OWN_SLUG
from observatory.stats.summary import merge
from reports.panels.asked import Asked
from reports.panels.gauges import Use, use_of

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
FEW_HOSTS = 4
STEPS_DRAWN = 100


def by_host(name: str, asked: Asked) -> dict[str, list[Point]]:
    """The points of each host, the one with most values first. What has no hosts is under ""."""
    return asked.once(f"hosts:{name}", lambda: _by_host(name, asked))


def _by_host(name: str, asked: Asked) -> dict[str, list[Point]]:
    found = {"".join(labels): list(line) for labels, line in _read(asked)[name].points.items()}
    return dict(sorted(found.items(), key=lambda item: (-sum(point.summary.n for point in item[1]), item[0])))


def is_borrowed(name: str, asked: Asked) -> bool:
    """Whether the figures are those of Observatory's own machine, for the application reports none."""
    return _read(asked)[name].is_borrowed


def whose(host: str, *, is_borrowed: bool) -> str:
    """The host as it is shown: Observatory's own is not one of the application."""
    return f"{host} (Observatory’s own)" if is_borrowed else host


def uses_of(name: str, asked: Asked) -> dict[str, Use]:
    """How much each host used; those without a value are left out."""
    return asked.once(f"uses:{name}", lambda: _uses(by_host(name, asked)))


def _uses(lines: Mapping[str, list[Point]]) -> dict[str, Use]:
    return {host: use for host, points in lines.items() if (use := use_of(points))}


def drawn(name: str, asked: Asked) -> tuple[Level, dict[str, list[Point]]]:
    """The points of each host in as many steps as an eye tells apart in a panel: a day in quarters of an hour."""
    return asked.once(f"drawn:{name}", lambda: _drawn(name, asked))


def _drawn(name: str, asked: Asked) -> tuple[Level, dict[str, list[Point]]]:
    finest = _read(asked)[name].level
    steps = asked.window.seconds / finest.seconds
    level = replace(finest, seconds=finest.seconds * max(1, math.ceil(steps / STEPS_DRAWN)))
    return level, {host: wider(points, level) for host, points in by_host(name, asked).items()}


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
