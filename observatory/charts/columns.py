"""Amounts through time as columns, stacked by name."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from observatory.charts.chart import HEIGHT, Chart, Datum, colour, frame, time_axis, value_axis
from observatory.charts.marks import Say, TimeLine, timeline_data


def column_chart(
    lines: Sequence[TimeLine],
    *,
    start: datetime,
    end: datetime,
    unit: str,
    say: Say,
    description: str,
    styles: Mapping[str, str] | None = None,
    height: int = HEIGHT,
) -> Chart:
    """Draw columns over [start, end), one a step, the names on top of each other."""
    names = [line.name for line in lines]
    return frame(
        _stacked(timeline_data(lines, say=say, start=start, end=end)),
        description=description,
        height=height,
        # A rect lies between two values of y; the stack of a bar would forbid x2.
        mark={"type": "rect"},
        encoding={
            "x": time_axis(start, end),
            "x2": {"field": "t2"},
            "y": value_axis(unit, field="low"),
            "y2": {"field": "high"},
            "color": colour(names, styles=styles),
        },
    )


def _stacked(data: Sequence[Datum]) -> list[Datum]:
    """Each datum with the amounts that it lies between: on top of those before it in the same step."""
    tops: dict[int, float] = {}
    stacked = []
    for datum in data:
        low = tops.get(datum["t2"], 0.0)
        high = tops[datum["t2"]] = low + (datum["v"] or 0.0)
        stacked.append({**datum, "low": low, "high": high})
    # A column without height is nothing to point at; but Vega finds no extent in a chart of nothing.
    return [one for one in stacked if one["high"] > one["low"]] or stacked
