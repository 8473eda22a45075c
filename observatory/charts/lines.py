"""Figures through time as lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from observatory.charts.chart import Chart, Datum, colour, frame, time_axis, value_axis
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
    opacity = [{"param": "near", "empty": False, "value": 1}, {"test": "datum.is_lone", "value": 1}]
    point = {
        "params": [NEAREST],
        "mark": {"type": "point", "filled": True, "size": 36},
        "encoding": {"opacity": {"condition": opacity, "value": 0}},
    }
    rule = {
        "mark": {"type": "rule", "style": "limit"},
        "data": {"values": [{"v": limit}]},
        "encoding": {"x": {"value": 0}, "x2": {"value": {"expr": "width"}}, "color": {"value": {"expr": "style_bad"}}},
    }
    layer = [line, point, *([rule] if limit is not None else [])]
    data = [datum for line in lines for datum in _with_lone(timeline_data([line], say=say, start=start, end=end))]
    return frame(data, description=description, encoding=encoding, layer=layer)


def _with_lone(data: Sequence[Datum]) -> list[Datum]:
    """The data of one line, those without a neighbour marked."""
    known = [False, *(datum["v"] is not None for datum in data), False]
    return [
        {**datum, "is_lone": True} if known[place + 1] and not known[place] and not known[place + 2] else datum
        for place, datum in enumerate(data)
    ]
