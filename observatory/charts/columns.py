"""Amounts through time as columns, stacked by name."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from observatory.charts.chart import HEIGHT, Chart, colour, frame, time_axis, value_axis
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
        timeline_data(lines, say=say, is_span=True),
        description=description,
        height=height,
        mark={"type": "rect", "tooltip": True},
        # A rect lies between two values of y, which only the stack of a bar would find by itself.
        transform=[
            {
                "stack": "v",
                "groupby": ["t"],
                "sort": [{"field": "name", "order": "ascending"}],
                "as": ["low", "high"],
            }
        ],
        encoding={
            "x": time_axis(start, end),
            "x2": {"field": "t2"},
            "y": value_axis(unit, field="low"),
            "y2": {"field": "high"},
            "color": colour(names, styles=styles),
        },
    )
