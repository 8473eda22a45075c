"""When things happen: hours from left to right, days of the week from top to bottom, darker is more."""

from collections.abc import Mapping

from observatory.charts.chart import Chart, frame
from observatory.charts.marks import Mark, Say, words

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS = 24


def hour_by_weekday(cells: Mapping[tuple[int, int], Mark], *, say: Say, description: str) -> Chart:
    """Draw marks by (weekday, hour): Monday is 0, hours are UTC. A cell that is not given is empty."""
    data = [
        {"day": DAYS[day], "hour": hour, "v": mark.value, "at": f"{DAYS[day]} {hour:02}:00 UTC", **words(mark, say)}
        for (day, hour), mark in sorted(cells.items())
    ]
    axis = {"domain": False, "ticks": False, "grid": False, "title": None, "labelAngle": 0, "labelOverlap": True}
    return frame(
        data,
        description=description,
        mark={"type": "rect", "cornerRadius": 2},
        encoding={
            "x": {
                "field": "hour",
                "type": "ordinal",
                "scale": {"domain": list(range(HOURS)), "paddingInner": 0.08},
                "axis": {**axis, "values": list(range(0, HOURS, 3))},
            },
            "y": {"field": "day", "type": "ordinal", "scale": {"domain": list(DAYS), "paddingInner": 0.12}, "axis": axis},
            "color": {"field": "v", "type": "quantitative", "legend": None, "scale": {"domainMin": 0}},
        },
    )
