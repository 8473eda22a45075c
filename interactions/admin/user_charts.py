"""The charts of a user's page."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from interactions.models import UserDay
from observatory.charts.chart import Chart
from observatory.charts.columns import column_chart
from observatory.charts.heat_map import hour_by_weekday
from observatory.charts.marks import Mark, TimeLine
from observatory.core.formats import dollars
from observatory.metrics.series import Window

HOURLY_UP_TO, DAILY_UP_TO = timedelta(days=3), timedelta(days=400)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Row = dict[str, Any]


def activity_chart(rows: Sequence[Row]) -> Chart:
    cells: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        at = row["asked_at"].astimezone(UTC)
        cells[at.weekday(), at.hour] += 1
    busiest = max(cells.values())
    return hour_by_weekday(
        {cell: Mark(number, n=number) for cell, number in cells.items()},
        say="{:,.0f} interactions".format,
        description=f"Interactions by weekday and hour in UTC: at most {busiest:,} in one of them.",
    )


def cost_chart(rows: Sequence[Row], window: Window) -> Chart | None:
    """By hours up to HOURLY_UP_TO, then by days; None above DAILY_UP_TO."""
    if window.end - window.start > DAILY_UP_TO:
        return None
    step = HOUR if window.end - window.start <= HOURLY_UP_TO else DAY
    start = _start_of(window.start, step)
    costs: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        if row["cost_usd"] is not None:
            costs[(row["asked_at"] - start) // step].append(float(row["cost_usd"]))
    marks = [
        Mark(sum(costs[place]), n=len(costs[place]), drill=_drill(start + place * step, step))
        for place in range(-((start - window.end) // step))
    ]
    total = sum(map(sum, costs.values()))
    return column_chart(
        [TimeLine("cost", start, step, marks)],
        start=start,
        end=window.end,
        unit="usd",
        say=dollars,
        description=f"Cost through time: {dollars(total)} together.",
    )


def requests_chart(days: Sequence[UserDay], window: Window) -> Chart:
    start = _start_of(window.start, DAY)
    by_day = {day.day: day for day in days}
    lines: dict[str, list[Mark]] = {"ok": [], "error": []}
    for place in range(-((start - window.end) // DAY)):
        at = start + place * DAY
        day = by_day.get(at.date())
        drill = _drill(at, DAY) if day else ""
        lines["ok"].append(Mark(day.requests - day.errors if day else 0, n=day.requests if day else 0, drill=drill))
        lines["error"].append(
            Mark(day.errors if day else 0, n=day.requests if day else 0, drill=f"{drill}&status=error" if drill else "")
        )
    total = sum(day.requests for day in days)
    return column_chart(
        [TimeLine(name, start, DAY, marks) for name, marks in lines.items()],
        start=start,
        end=window.end,
        unit="1",
        say="{:,.0f}".format,
        styles={"ok": "accent", "error": "bad"},
        description=f"Interactions by day: {total:,} on {len(days)} days.",
    )


def _start_of(at: datetime, step: timedelta) -> datetime:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return epoch + (at - epoch) // step * step


def _drill(start: datetime, step: timedelta) -> str:
    return urlencode({"since": start.isoformat(), "until": (start + step).isoformat()})
