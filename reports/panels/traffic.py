"""How much was asked, and how it ended."""

from datetime import datetime
from functools import partial
from urllib.parse import urlencode

from observatory.charts.columns import column_chart
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content, Link

NAME = "interactions.count"
STYLES = {"ok": "accent", "error": "bad"}


def requests(asked: Asked) -> Content:
    lines = asked.points(NAME, by=("status",))
    if not lines:
        return Content(reason="No interaction in this time.", link=Link("interactions"))
    level = asked.level(NAME)
    shown = [
        asked.line(
            status,
            lines.get((status,), []),
            lambda summary: summary.n,
            level=level,
            empty=0,
            drill=partial(_drill, status),
        )
        for status in STYLES
    ]
    total = asked.summary(NAME).n
    errors = asked.summary(NAME, status="error").n
    chart = column_chart(
        shown,
        start=asked.window.start,
        end=asked.window.end,
        unit="1",
        say="{:,.0f}".format,
        styles=STYLES,
        description=f"Interactions through time: {total:,}, of which {errors:,} failed.",
    )
    return Content(chart=chart, n=total, link=Link("interactions"))


def _drill(status: str, start: datetime, end: datetime) -> str:
    return urlencode({"status": status, "since": start.isoformat(), "until": end.isoformat()})


declare(
    Panel("requests", "How much is asked?", "Interactions by how they ended.", "Traffic", requests),
)
