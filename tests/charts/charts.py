"""One chart of each kind, with names and labels as hostile as observed ones."""

from datetime import UTC, datetime, timedelta

from observatory.charts.bars import Bar, bar_chart
from observatory.charts.chart import Chart
from observatory.charts.columns import column_chart
from observatory.charts.heat_map import hour_by_weekday
from observatory.charts.histogram import Bin, histogram
from observatory.charts.lines import line_chart
from observatory.charts.marks import Mark, TimeLine

START = datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
END = START + timedelta(hours=4, minutes=10)
HOSTILE = "</script><script>alert(1)</script>"


def line(name: str, *values: float | None) -> TimeLine:
    """An hour a value, from half an hour before START."""
    marks = [Mark(value, n=3) for value in values]
    return TimeLine(name, START - timedelta(minutes=30), timedelta(hours=1), marks)


def band() -> TimeLine:
    """Figures with intervals, but for one of too few values."""
    marks = [Mark(4, 40, interval=(3.8, 4.2)), Mark(4.1, 40, interval=(3.9, 4.3)), Mark(3, 2), Mark(None, 0)]
    return TimeLine("mean", START - timedelta(minutes=30), timedelta(hours=1), marks)


def say(value: float) -> str:
    return f"{value:g} ms"


def every_kind() -> dict[str, Chart]:
    lines = [line("p50", 1, 2, None, 4, 5), line(HOSTILE, 2, 3, 4, None, 6)]
    shared = {"start": START, "end": END, "unit": "ms", "say": say}
    bins = [Bin(10, 20, Mark(3)), Bin(20, 40, Mark(5))]
    return {
        "lines": line_chart(lines, description="Lines.", limit=3, dashes={"p50": (4, 2)}, **shared),
        "bands": line_chart([band()], description="With intervals.", ends=(1, 5), styles={"mean": "estimate"}, **shared),
        "columns": column_chart(lines, description="Columns.", styles={"p50": "bad"}, **shared),
        "bars": bar_chart([Bar(HOSTILE, Mark(3)), Bar("b", Mark(1))], unit="ms", say=say, description="Bars."),
        "histogram": histogram(
            bins, unit="ms", say=say, is_log=True, rules=[("p50", 18), ("p95", 30)], description="Histogram."
        ),
        "heat map": hour_by_weekday({(0, 3): Mark(4), (6, 23): Mark(1)}, say=say, description="Heat map."),
    }
