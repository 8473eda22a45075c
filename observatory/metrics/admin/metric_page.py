"""One metric on the screen: its line through time, split by a label, and the values of that label as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from observatory.charts.chart import Chart
from observatory.charts.columns import column_chart
from observatory.charts.lines import NO_VALUES, line_chart
from observatory.charts.marks import Mark, TimeLine
from observatory.core.errors import ApiError
from observatory.core.time_range import ALL, quick_range, range_choices
from observatory.metrics.api.answers import prometheus_names
from observatory.metrics.api.asked import parse_window
from observatory.metrics.catalogue import Kind, Metric
from observatory.metrics.joined import GAPS, joined, step_words, wider
from observatory.metrics.levels import Level
from observatory.metrics.series import SHOWN, Labels, Point, Window, level_for, points
from observatory.metrics.words import facts_of, figure_of, name_of_figure, say, unit_word
from observatory.projects.models import Project
from observatory.stats.summary import Summary, merge

DEFAULT_RANGE = "24h"
FEWEST_STEPS, MOST_STEPS = 24, 300
LINES_DRAWN = 8
EXTREMES = ("smallest", "largest")
ROWS_SHOWN = 100
WORD_OF_GOODNESS = {"higher": "Higher is better.", "lower": "Lower is better."}


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A value of the label; `number` is the colour of its line, 0 without one."""

    value: str
    url: str
    number: int
    facts: list[tuple[str, str]]


def metric_context(request: HttpRequest, project: Project, metric: Metric, *, now: datetime) -> dict[str, Any]:
    """What the template needs. A window that cannot be understood is named on the page."""
    chosen = quick_range(request.GET, now=now, default=DEFAULT_RANGE)
    chosen = quick_range({}, now=now, default=DEFAULT_RANGE) if chosen.key == ALL else chosen
    names = [label.name for label in metric.labels]
    by = request.GET.get("by", "") if request.GET.get("by", "") in names else ""
    only = _only(request, names)
    context = {
        "metric": metric,
        "parts": metric.name.split("."),
        "goodness": WORD_OF_GOODNESS.get(metric.goodness or "", ""),
        "prometheus": prometheus_names(metric),
        "ranges": range_choices(chosen, lambda key: _here(request, range=key, since=None, until=None))[:-1],
        "splits": _splits(request, names, by),
        "only": [(name, value, _here(request, where=None)) for name, value in only.items()],
        "panel_query": _panel_query(project, metric, by, only),
        # A click on a mark shows that step alone.
        "zoom_url": _here(request, range=None, since=None, until=None),
    }
    try:
        window = Window(chosen.since, now) if chosen.since else parse_window(request.GET, now=now)
    except ApiError as error:
        return {**context, "problem": f"{error.field}: {error}"}
    return {**context, **_figures(request, project, metric, window, by or next(iter(names), ""), only, is_split=bool(by))}


def _panel_query(project: Project, metric: Metric, by: str, only: Mapping[str, str]) -> str:
    """What composes a board with this very question as its panel, as boards name it."""
    told = [("by", by), *(("where", f"{label}:{value}") for label, value in only.items())]
    asked = urlencode([(name, value) for name, value in told if value])
    return urlencode({"project": project.slug, "add": f"metric:{metric.name}{asked and f'?{asked}'}"})


def _figures(
    request: HttpRequest,
    project: Project,
    metric: Metric,
    window: Window,
    by: str,
    only: Mapping[str, str],
    *,
    is_split: bool,
) -> dict[str, Any]:
    level, window, lines = _lines(metric, project, window, by=(by,) if by else (), only=only)
    sums = {labels: merge(point.summary for point in line) for labels, line in lines.items()}
    order = sorted(sums, key=lambda labels: (-sums[labels].n, labels))
    drawn = order[:LINES_DRAWN] if is_split else []
    if metric.kind is Kind.DISTRIBUTION:
        level, lines = _long_enough(level, lines, drawn, steps=len(_starts(window, level)))
    pictured = _pictured(metric, lines, drawn, _starts(window, level), is_split=is_split)
    total = merge(sums.values())
    facts = facts_of(metric, total)
    return {
        "total": total,
        "tiles": [fact for fact in facts if fact[0] not in EXTREMES],
        "extremes": [fact for fact in facts if fact[0] in EXTREMES],
        "chart": _chart(metric, pictured, window, _caption(metric, level, is_split=is_split)) if total.n else None,
        "caption": _caption(metric, level, is_split=is_split),
        "drawn": len(pictured),
        "label": by,
        "rows": [_row(request, metric, by, labels, sums[labels], drawn) for labels in order[:ROWS_SHOWN]] if by else [],
        "hidden": max(0, len(order) - ROWS_SHOWN),
        "undrawn": max(0, len(order) - LINES_DRAWN) if is_split else 0,
        "window": window,
    }


def _lines(
    metric: Metric, project: Project, window: Window, *, by: Sequence[str], only: Mapping[str, str]
) -> tuple[Level, Window, dict[Labels, list[Point]]]:
    """Read at the finest resolution that is kept and whose buckets are half filled: with more gaps a line is no line.

    The window that is answered is cut to whole buckets of that resolution.
    """
    finest = SHOWN.index(level_for(metric, project_id=project.id, window=window))
    shown = [one for one in SHOWN[finest:] if window.seconds / one.seconds <= MOST_STEPS] or [SHOWN[-1]]
    for level in shown:
        coarser = [one for one in shown if one.seconds > level.seconds and window.seconds / one.seconds >= FEWEST_STEPS]
        whole = _whole(window, level)
        lines = points(metric, project_id=project.id, window=whole, where=only, by=by, level=level)
        filled = len({point.start for line in lines.values() for point in line})
        if filled * 2 >= len(_starts(whole, level)) or not coarser:
            break
    return level, whole, lines


def _long_enough(
    level: Level, lines: Mapping[Labels, list[Point]], drawn: Sequence[Labels], *, steps: int
) -> tuple[Level, dict[Labels, list[Point]]]:
    """The lines in steps of which most hold enough values for a p95; what is drawn together is counted together."""
    together = [lines[labels] for labels in drawn] or [[point for line in lines.values() for point in line]]
    level = joined(together, level, steps=steps)
    return level, {labels: wider(line, level) for labels, line in lines.items()}


def _whole(window: Window, level: Level) -> Window:
    """As long a window of whole buckets, of which the last one goes on."""
    steps = max(1, round(window.seconds / level.seconds))
    last = level.start_of(window.end.timestamp() - 0.001)
    start = max(last - (steps - 1) * level.seconds, level.start_of(window.start.timestamp()))
    return Window(datetime.fromtimestamp(start, UTC), window.end)


def _starts(window: Window, level: Level) -> range:
    return range(level.start_of(window.start.timestamp()), int(-(-window.end.timestamp() // 1)), level.seconds)


def _pictured(
    metric: Metric, lines: Mapping[Labels, list[Point]], drawn: Sequence[Labels], starts: range, *, is_split: bool
) -> list[TimeLine]:
    """The named lines of the chart, a mark for each step."""
    quantiles = (0.95,) if is_split else (0.5, 0.95)
    quantiles = quantiles if metric.kind is Kind.DISTRIBUTION else (0.5,)
    start, step = datetime.fromtimestamp(starts.start, UTC), timedelta(seconds=starts.step)
    found = []
    for labels in drawn if is_split else [()]:
        at = _by_start([lines[labels]] if is_split else list(lines.values()))
        for q in quantiles:
            name = labels[0] if is_split else name_of_figure(metric, q)
            found.append(TimeLine(name, start, step, [_mark(metric, at.get(begin), q) for begin in starts]))
    return found


def _by_start(lines: Sequence[list[Point]]) -> dict[int, Summary]:
    parts: dict[int, list[Summary]] = {}
    for point in (one for line in lines for one in line):
        parts.setdefault(int(point.start.timestamp()), []).append(point.summary)
    return {start: merge(found) for start, found in parts.items()}


def _mark(metric: Metric, summary: Summary | None, quantile: float) -> Mark:
    """No facts are a zero where things are counted, and a gap where they are measured."""
    if summary is None:
        return Mark(0.0 if metric.kind in {Kind.COUNT, Kind.SUM, Kind.DISTINCT} else None, n=0)
    return Mark(figure_of(metric, summary, quantile), n=summary.n)


def _chart(metric: Metric, lines: Sequence[TimeLine], window: Window, caption: str) -> Chart:
    """Columns of what adds up, lines of what does not."""
    gap = GAPS if metric.kind is Kind.DISTRIBUTION else NO_VALUES
    draw = column_chart if metric.kind in {Kind.COUNT, Kind.SUM} else partial(line_chart, gap=gap)
    return draw(
        lines,
        start=window.start,
        end=window.end,
        unit=metric.unit,
        say=lambda figure: say(metric, figure),
        description=f"{metric.name}: {caption}",
    )


def _caption(metric: Metric, level: Level, *, is_split: bool) -> str:
    spread = "p95" if is_split else "p50 and p95"
    figure = spread if metric.kind is Kind.DISTRIBUTION else name_of_figure(metric)
    unit = unit_word(metric)
    return f"{figure}{unit and f' in {unit}'}, for each {step_words(level.seconds)}"


def _row(
    request: HttpRequest, metric: Metric, by: str, labels: Labels, summary: Summary, drawn: Sequence[Labels]
) -> ValueRow:
    return ValueRow(
        value=labels[0],
        url=_here(request, where=f"{by}:{labels[0]}", by=None),
        number=drawn.index(labels) + 1 if labels in drawn else 0,
        facts=facts_of(metric, summary),
    )


def _splits(request: HttpRequest, names: Sequence[str], by: str) -> list[dict[str, Any]]:
    choices = [("All together", None), *((name, name) for name in names)]
    return (
        [{"label": label, "url": _here(request, by=name), "is_current": (name or "") == by} for label, name in choices]
        if names
        else []
    )


def _only(request: HttpRequest, names: Sequence[str]) -> dict[str, str]:
    name, _, value = request.GET.get("where", "").partition(":")
    return {name: value} if name in names else {}


def _here(request: HttpRequest, **changes: str | None) -> str:
    """The address of this page with some parameters changed; None leaves one out."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = value
    return f"?{query.urlencode()}"
