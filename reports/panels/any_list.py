"""Any filtered list of interactions as a panel: `interactions:model=gpt-4.1&status=error` is the latest that pass."""

from dataclasses import replace
from functools import partial
from urllib.parse import parse_qsl, urlencode

from interactions.reading.filters import PARAMETERS, parse_filters
from interactions.reading.selection import Selection
from observatory.core import formats
from observatory.core.errors import ApiError
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare_family
from reports.panels.content import Cell, Column, Content, Link, Table

FAMILY = "interactions"
FILTERS = tuple(name for name in PARAMETERS if name not in {"since", "until"})  # the time is that of the page
ROWS = 10
READ = ("trace_id", "query_preview", "name", "model", "latency_ms", "cost_usd", "is_error", "error_type")
COLUMNS = (
    Column("At (UTC)"),
    Column("Question"),
    Column("Model"),
    Column("Took", is_number=True),
    Column("Cost", is_number=True),
)
Query = tuple[tuple[str, str], ...]


def list_panel(text: str) -> Panel:
    """KeyError for what is no filter of the list."""
    query = read_query(text)
    help_text = "The latest interactions that pass these filters, as the list of interactions shows them."
    return Panel(name_of(query), title_of(query), help_text, "Interactions", partial(answer, query), width="whole")


def read_query(text: str) -> Query:
    pairs = dict(parse_qsl(text))
    if not set(pairs) <= set(FILTERS):
        raise KeyError(text)
    try:
        parse_filters(pairs)
    except ApiError as error:
        raise KeyError(text) from error
    return tuple(sorted((name, value.strip()) for name, value in pairs.items() if value.strip()))


def name_of(query: Query) -> str:
    """The name under which a board keeps the panel: the same for the same filters."""
    return f"{FAMILY}:{urlencode(query)}"


def title_of(query: Query) -> str:
    words = [f"“{value}”" if name == "q" else f"{name.replace('_', ' ')} {value}" for name, value in query]
    return f"Latest interactions: {', '.join(words)}" if words else "Latest interactions"


def answer(query: Query, asked: Asked) -> Content:
    """Of the page's time and narrowing. How many there are in all is not counted: no index knows every filter."""
    own, narrowed = dict(query), drill.narrowed(asked)
    link = Link("interactions", {**narrowed, **own})
    other = next((name for name, value in narrowed.items() if own.get(name, value) != value), None)
    if other:
        return Content(reason=f"The page shows the {other} {narrowed[other]}, this list {own[other]}.", link=link)
    filters = replace(parse_filters({**narrowed, **own}), since=asked.window.start, until=asked.window.end)
    rows, has_more = Selection(asked.project_id, filters).newest(READ, ROWS)
    if not rows:
        seen = " as far back as one look goes" if has_more else " of this time"
        return Content(reason=f"No interaction{seen} passes these filters.", link=link)
    cells = [
        [
            Cell(formats.moment(row.asked_at, now=asked.now), Link("trace", {"id": row.trace_id})),
            Cell(row.query_preview or row.name or formats.UNKNOWN),
            Cell(row.model or formats.UNKNOWN),
            Cell(formats.duration(row.latency_ms), judgement="worse" if row.is_error else ""),
            Cell(formats.dollars(row.cost_usd)),
        ]
        for row in rows
    ]
    return Content(
        table=Table(COLUMNS, cells, more=f"The latest {len(rows)}; there are more." if has_more else ""), link=link
    )


declare_family(FAMILY, list_panel)
