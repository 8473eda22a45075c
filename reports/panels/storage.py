"""The database (ledger R12): how large it is, how fast it grows, and when the disk is full."""

from dataclasses import replace

from observatory.charts.lines import line_chart
from observatory.core.formats import size
from observatory.metrics import catalogue
from observatory.metrics.series import Point
from observatory.metrics.size import Forecast, forecast
from observatory.metrics.words import say
from observatory.projects.models import Project
from observatory.projects.own import OWN_SLUG
from observatory.stats.summary import Summary
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content, Tile

SIZE = "pipeline.database_size"
SOON_DAYS, NEAR_DAYS = 14, 60


def database(asked: Asked) -> Content:
    """Of the whole installation, whichever project asks: one database holds them all."""
    found = forecast(now=asked.now)
    tiles = [
        Tile("Size now", size(found.size_bytes), note="of all projects together"),
        _growth(found),
        _full(found),
        Tile("Free on the disk", size(found.room_bytes), note="of the data folder"),
    ]
    points = _of_installation(asked)
    if points is None:
        return Content(tiles=tiles, words="The size through time begins with the first minute of the worker.")
    own, line = points
    metric = catalogue.metric(SIZE)
    chart = line_chart(
        [own.line("size", line, _largest, level=own.level(SIZE))],
        start=asked.window.start,
        end=asked.window.end,
        unit="bytes",
        say=lambda figure: say(metric, figure),
        description=f"Size of the database through time, now {size(found.size_bytes)}.",
    )
    return Content(tiles=tiles, chart=chart, n=sum(point.summary.n for point in line), n_of="values")


def _of_installation(asked: Asked) -> tuple[Asked, list[Point]] | None:
    own_id = Project.objects.filter(slug=OWN_SLUG).values_list("id", flat=True).first()
    if own_id is None:
        return None
    own = replace(asked, project_id=own_id, only={})
    line = own.points(SIZE).get((), [])
    return (own, line) if line else None


def _largest(summary: Summary) -> float | None:
    return summary.maximum


def _growth(found: Forecast) -> Tile:
    if found.bytes_a_day is None:
        return Tile("Growth", "–", reason=found.reason)
    return Tile(
        "Growth", f"{'+' if found.bytes_a_day > 0 else ''}{size(found.bytes_a_day)} a day", note="over the last month"
    )


def _full(found: Forecast) -> Tile:
    if found.days_left is None:
        return Tile("Disk full in", "–", reason=found.reason)
    mark = "bad" if found.days_left < SOON_DAYS else "warn" if found.days_left < NEAR_DAYS else "good"
    days = found.days_left
    shown = f"{days:,.0f} days" if days < 1_000 else "more than 1,000 days"
    return Tile("Disk full in", shown, note="if it grows on like this", judgement=mark)


declare(
    Panel(
        "database",
        "How does the database grow?",
        "Size of the database, its growth by the day over the last month, and when the disk would be full.",
        "Resources",
        database,
    ),
)
