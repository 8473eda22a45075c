"""What fails: by component, and the latest failures."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from interactions.reading.failures import latest_failures
from observatory.charts.bars import Bar, bar_chart
from observatory.charts.marks import Mark
from observatory.core import formats
from observatory.stats.intervals import wilson
from observatory.stats.summary import Summary
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.words import between, percent

BY_EVENTS, BY_SPANS = "events.error_rate", "spans.error_rate"
BARS, ROWS = 8, 8
LEAST = 5  # stages or events; one failure of one says little of a part
COUNT = "interactions.count"


@dataclass(frozen=True, slots=True)
class Component:
    """A component that reports events, or a kind of stage; `query` narrows the page of its metric to it."""

    name: str
    summary: Summary
    query: str

    @property
    def share(self) -> float:
        return self.summary.mean or 0.0

    @property
    def at_least(self) -> float:
        """The lower end of the interval of its rate: by it one failure of two does not go before 40 of 100."""
        interval = wilson(self.summary.total, self.summary.n)
        return interval[0] if interval else 0.0


def by_component(asked: Asked) -> Content:
    asked.read_wholes(BY_EVENTS, BY_SPANS)
    found = [
        *_components(asked, BY_EVENTS, "component", ""),
        *_components(asked, BY_SPANS, "kind", "stage "),
    ]
    n = sum(one.summary.n for one in found)
    if not n:
        return Content(reason="No stage and no event in this time: send spans, or events with a component.")
    failing = sorted((one for one in found if one.share), key=lambda one: (-one.at_least, one.name))
    failing = [one for one in failing if one.summary.n >= LEAST]
    if not failing:
        return Content(reason=f"None of {n:,} stages and events failed, counting parts that have {LEAST} or more.")
    shown = sorted(failing[:BARS], key=lambda one: (-one.share, one.name))
    return Content(
        chart=bar_chart(
            [Bar(one.name, Mark(one.share, n=one.summary.n, drill=one.query)) for one in shown],
            unit="share",
            say=percent,
            description="Error rate by component, the highest first: "
            + ", ".join(f"{one.name} {percent(one.share)}" for one in shown[:3])
            + ".",
            styles={"": "bad"},
        ),
        words=_words(asked, shown[0], failing),
        n=n,
        n_of="stages and events",
        link=drill.metric(BY_EVENTS, by="component"),
    )


def _words(asked: Asked, highest: Component, failing: Sequence[Component]) -> str:
    """The longest bar, and the part that is surest to fail, where that is another."""
    surest = failing[0]
    words = [f"Highest rate: {_failed(highest)}."]
    words += [f"Surest, for it stands on more: {_failed(surest)}."] if surest != highest else []
    words += [f"{len(failing) - BARS} more fail less often."] if len(failing) > BARS else []
    words += [] if asked.is_followed(BY_EVENTS) else ["Events and stages know no model: these are of everything."]
    return " ".join(words)


def _failed(one: Component) -> str:
    interval = between(wilson(one.summary.total, one.summary.n), percent)
    return f"{one.name}, {one.summary.total:,.0f} of {one.summary.n:,} failed ({interval})"


def _components(asked: Asked, metric: str, label: str, prefix: str) -> list[Component]:
    return [
        Component(_name(prefix, value), summary, urlencode({"name": metric, "where": f"{label}:{value}"}))
        for value, summary in asked.summaries(metric, label).items()
    ]


def _name(prefix: str, value: str) -> str:
    return "(no component)" if value == "none" and not prefix else f"{prefix}{value}"


def latest(asked: Asked) -> Content:
    found = latest_failures(
        asked.project_id,
        since=asked.window.start,
        until=asked.window.end,
        limit=ROWS + 1,
        **drill.narrowed(asked),
    )
    total = asked.summary(COUNT).n
    failed = asked.summary(COUNT, status="error").n
    link = drill.interactions(asked, status="error")
    if not found:
        reason = f"None of {total:,} interactions failed in this time." if total else "No interaction in this time."
        return Content(reason=reason)
    rows = [
        (
            Cell(formats.moment(one.asked_at, now=asked.now), Link("trace", {"id": one.trace_id})),
            Cell(one.error_type or "error", judgement="worse"),
            Cell(one.query_preview or one.name or formats.UNKNOWN),
            Cell(one.model or formats.UNKNOWN),
            Cell(formats.duration(one.latency_ms)),
        )
        for one in found[:ROWS]
    ]
    columns = (
        Column("At (UTC)", is_short=True),
        Column("Error"),
        Column("Question"),
        Column("Model"),
        Column("Took", is_number=True),
    )
    more = f"The latest {ROWS} of {max(failed, len(found)):,}." if len(found) > ROWS else ""
    return Content(table=Table(columns, rows, more=more), n=failed, link=link)


declare(
    Panel(
        "errors_by_component",
        "Which part fails?",
        f"Share of the events of a component, and of the stages of a kind in traces, that tell of a failure: of the {BARS} "
        "that fail most surely, by the lower end of the 95 % interval of their rate, the highest rate first. Those that "
        f"never fail are left out, and those with fewer than {LEAST} events.",
        "Errors",
        by_component,
    ),
    Panel("errors_latest", "What failed last?", "The latest interactions that failed.", "Errors", latest, width="whole"),
)
