"""Figures through time as lines."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from observatory.charts.chart import Chart, Datum, colour, frame, milliseconds, time_axis, value_axis
from observatory.charts.marks import Say, TimeLine, timeline_data

NO_VALUES = "A gap in a line: no values came in that time."
A_DOT = "A dot: values of one step between gaps."
A_BAND = "Shaded: the interval of 95 %."
NOTHING = "No step has enough values to draw."
BAND = {
    "mark": {"type": "area", "opacity": 0.16, "invalid": "break-paths-filter-domains"},
    "encoding": {"y": {"field": "low", "type": "quantitative", "title": None}, "y2": {"field": "high"}},
}
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
    dashes: Mapping[str, Sequence[int]] | None = None,
    limit: float | None = None,
    gap: str = NO_VALUES,
    ends: tuple[float, float] | None = None,
) -> Chart:
    """Draw lines over [start, end). `styles` judges lines by name; `limit` is drawn as a dashed line.

    `dashes` are lengths of dashes and gaps by name, for lines that colour alone does not tell apart. `gap` says below the
    chart what a gap means, where there is one. Intervals of marks are shaded. `ends` are those of the vertical axis, where
    it does not begin at zero.
    """
    names = [line.name for line in lines]
    encoding = {
        "x": time_axis(start, end),
        "y": value_axis(unit) | ({"scale": {"domain": list(ends)}} if ends else {}),
        "color": colour(names, styles=styles),
    }
    line: dict[str, Any] = {"mark": {"type": "line", "strokeWidth": 1.75, "invalid": "break-paths-filter-domains"}}
    if dashes:
        encoding["color"]["legend"] |= {"symbolType": "stroke", "symbolStrokeWidth": 2, "symbolSize": 250}
        line["encoding"] = {"strokeDash": _dashes(names, dashes) | {"legend": encoding["color"]["legend"]}}
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
    data = [datum for line in lines for datum in _with_lone(timeline_data([line], say=say, start=start, end=end))]
    if all(datum["v"] is None for datum in data):
        return _empty(data, start, end, unit, description)
    has_bands = any("low" in datum for datum in data)
    if has_bands and len(names) > 1:
        # Else a symbol of the legend is as pale as the shade.
        encoding["color"]["legend"]["symbolOpacity"] = 1
    layer = [*([BAND] if has_bands else []), line, point, *([rule] if limit is not None else [])]
    note = " ".join(filter(None, [A_BAND if has_bands else "", _note(data, gap)]))
    return frame(data, description=description, note=note, encoding=encoding, layer=layer)


def _empty(data: Sequence[Datum], start: datetime, end: datetime, unit: str, description: str) -> Chart:
    """An axis without a line. Vega looks for the extent of what is drawn, and complains where that is nothing."""
    ends = [{"expr": str(milliseconds(moment))} for moment in (start, end)]
    x = time_axis(start, end) | {"scale": {"type": "utc", "domain": ends}}
    y = value_axis(unit) | {"scale": {"domain": [0, 1]}, "axis": None}
    return frame(data, description=description, note=NOTHING, encoding={"x": x, "y": y}, mark={"type": "line"})


def _dashes(names: Sequence[str], dashes: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    solid = [1, 0]
    scale = {"domain": list(names), "range": [list(dashes.get(name, solid)) for name in names]}
    return {"field": "name", "type": "nominal", "scale": scale, "sort": None}


def _note(data: Sequence[Datum], gap: str) -> str:
    """What gaps and lone dots mean, where there are any; the newest step may have no values yet."""
    last = max((datum["t"] for datum in data), default=0)
    known = {datum["name"] for datum in data if datum["v"] is not None}
    has_gap = any(datum["v"] is None and datum["t"] < last and datum["name"] in known for datum in data)
    if not gap or not has_gap:
        return ""
    return f"{gap} {A_DOT}" if any("is_lone" in datum for datum in data) else gap


def _with_lone(data: Sequence[Datum]) -> list[Datum]:
    """The data of one line, those without a neighbour marked."""
    known = [False, *(datum["v"] is not None for datum in data), False]
    return [
        {**datum, "is_lone": True} if known[place + 1] and not known[place] and not known[place + 2] else datum
        for place, datum in enumerate(data)
    ]
