"""Figures through time as lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from observatory.charts.chart import Chart, colour, frame, time_axis, value_axis
from observatory.charts.marks import Say, TimeLine, timeline_data

NEAREST = {"name": "near", "select": {"type": "point", "on": "pointerover", "nearest": True, "clear": "pointerout"}}


def line_chart(
    lines: Sequence[TimeLine],
    *,
    start: datetime,
    end: datetime,
    unit: str,
    say: Say,
    description: str,
    styles: Mapping[str, str] | None = None,
    limit: float | None = None,
) -> Chart:
    """Draw lines over [start, end). `styles` judges lines by name; `limit` is drawn as a dashed line."""
    names = [line.name for line in lines]
    encoding = {
        "x": time_axis(start, end),
        "y": value_axis(unit),
        "color": colour(names, styles=styles),
    }
    line = {"mark": {"type": "line", "strokeWidth": 1.75, "invalid": "break-paths-filter-domains"}}
    # A lone value between gaps has no line; its point shows it, and the nearest one answers the pointer.
    point = {
        "params": [NEAREST],
        "mark": {"type": "point", "filled": True, "size": 36},
        "encoding": {"opacity": {"condition": {"param": "near", "empty": False, "value": 1}, "value": _lone(lines)}},
    }
    rule = {
        "mark": {"type": "rule", "style": "limit"},
        "data": {"values": [{"v": limit}]},
        "encoding": {"x": {"value": 0}, "x2": {"value": {"expr": "width"}}, "color": {"value": {"expr": "style_bad"}}},
    }
    layer = [line, point, *([rule] if limit is not None else [])]
    return frame(
        timeline_data(lines, say=say, start=start, end=end), description=description, encoding=encoding, layer=layer
    )


def _lone(lines: Sequence[TimeLine]) -> float:
    """The opacity of points: visible where there are so few that a line would hide them."""
    known = sum(mark.value is not None for line in lines for mark in line.marks)
    return 1 if known <= 3 * max(1, len(lines)) else 0
