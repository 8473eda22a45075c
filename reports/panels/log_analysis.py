"""What the log of a time tells (ledger L3): requests and events in figures, failures by component, memory of threads."""

from observatory.charts.columns import column_chart
from observatory.charts.lines import line_chart
from observatory.core.formats import duration, moment
from observatory.metrics import catalogue
from observatory.metrics.words import say, say_quantile
from observatory.stats.intervals import mean_interval, wilson
from observatory.stats.summary import Summary, merge
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.change import change_of_figure, change_of_share, change_of_total, no_comparison
from reports.panels.content import Cell, Change, Column, Content, Link, Table, Tile
from reports.panels.gauges import step_word, use_of

GROUP = "Log"
TOKENS = ("interactions.input_tokens", "interactions.output_tokens")
READ = (
    "interactions.count",
    "interactions.latency",
    "interactions.error_rate",
    "events.count",
    "events.errors",
    *TOKENS,
)
COMPONENTS_SHOWN = 15
NO_COMPONENT = "(no component)"
SEVERITIES = {"critical": "bad", "high": "warn", "medium": "accent", "low": "muted", "none": "muted"}


def figures(asked: Asked) -> Content:
    for window in (asked.window, asked.before):
        asked.read_wholes(*READ, window=window)
    requests, events = asked.summary("interactions.count"), asked.summary("events.count")
    if not requests.n and not events.n:
        return Content(reason="No interaction and no event in this time.", link=drill.interactions(asked))
    return Content(
        tiles=[
            Tile("Requests", f"{requests.n:,}", change=_total(asked, "interactions.count"), link=drill.interactions(asked)),
            _response_time(asked),
            _error_rate(asked),
            _tokens(asked),
            Tile(
                "Events",
                f"{events.n:,}",
                change=_total(asked, "events.count"),
                note=_of_all(asked),
                link=drill.metric("events.count"),
            ),
            Tile(
                "Events of failure",
                f"{asked.summary('events.errors').n:,}",
                change=_total(asked, "events.errors"),
                note=_of_all(asked),
                link=drill.metric("events.errors", by="component"),
            ),
        ]
    )


def _of_all(asked: Asked) -> str:
    """What a page that is narrowed has to say of figures that are not."""
    return "" if asked.is_followed("events.count") else "Events know no model and no environment: these are all of them."


def _total(asked: Asked, name: str) -> Change:
    now, before = (asked.summary(name, window=window).n for window in (asked.window, asked.before))
    return change_of_total(now, before, is_whole=asked.is_before_whole, goodness=catalogue.metric(name).goodness)


def _response_time(asked: Asked) -> Tile:
    name, word = "interactions.latency", "Mean response time"
    now, before = (asked.summary(name, window=window) for window in (asked.window, asked.before))
    if now.mean is None:
        return Tile(word, "–", reason="No interaction told its `latency_ms`.")
    intervals = mean_interval(now), mean_interval(before)
    change = (
        no_comparison(before.n)
        if before.mean is None
        else change_of_figure(now.mean, before.mean, goodness=catalogue.metric(name).goodness, intervals=intervals)
    )
    note = f"p95 {say_quantile(catalogue.metric(name), now, 0.95)}"
    return Tile(word, duration(now.mean), n=now.n, change=change, note=note, link=drill.interactions(asked))


def _error_rate(asked: Asked) -> Tile:
    name, word = "interactions.error_rate", "Error rate"
    now, before = (asked.summary(name, window=window) for window in (asked.window, asked.before))
    if now.mean is None:
        return Tile(word, "–", reason="No interaction in this time.")
    intervals = wilson(now.total, now.n), wilson(before.total, before.n)
    change = (
        no_comparison(before.n)
        if before.mean is None
        else change_of_share(now.mean, before.mean, goodness=catalogue.metric(name).goodness, intervals=intervals)
    )
    link = drill.interactions(asked, status="error")
    return Tile(word, f"{now.mean * 100:.3g} %", n=now.n, change=change, note=f"{now.total:,.0f} failed", link=link)


def _tokens(asked: Asked) -> Tile:
    now, before = (merge(asked.summary(name, window=window) for name in TOKENS) for window in (asked.window, asked.before))
    if not now.n:
        return Tile("Tokens", "–", reason="No interaction told its tokens.")
    return Tile(
        "Tokens",
        f"{now.total:,.0f}",
        change=change_of_total(now.total, before.total, is_whole=asked.is_before_whole),
        note="of questions and answers",
    )


def _mean(summary: Summary) -> float | None:
    return summary.mean


def failures_through_time(asked: Asked) -> Content:
    name = "events.errors"
    lines = asked.points(name, by=("severity",))
    if not lines:
        return Content(reason="No event told of a failure in this time.", link=Link("metric", {"name": name}))
    level = asked.level(name)
    chart = column_chart(
        [asked.line(labels[0], line, lambda summary: summary.n, level=level, empty=0) for labels, line in lines.items()],
        start=asked.window.start,
        end=asked.window.end,
        unit="1",
        say="{:,.0f}".format,
        styles={labels[0]: SEVERITIES[labels[0]] for labels in lines if labels[0] in SEVERITIES},
        description="Events of failure through time, by severity.",
    )
    by = {
        labels: merge(point.summary for point in line)
        for labels, line in asked.points(name, by=("component", "severity")).items()
    }
    order = sorted(by, key=lambda labels: (-by[labels].n, labels))
    rows = [
        [
            Cell(
                NO_COMPONENT if component == "none" else component,
                link=Link("metric", {"name": name, "where": f"component:{component}"}),
            ),
            Cell(severity),
            Cell(f"{by[component, severity].n:,}", share=by[component, severity].n / by[order[0]].n),
        ]
        for component, severity in order[:COMPONENTS_SHOWN]
    ]
    table = Table([Column("Component"), Column("Severity"), Column("Failures", is_number=True)], rows)
    return Content(
        chart=chart,
        table=table,
        words=_of_all(asked),
        n=sum(one.n for one in by.values()),
        n_of="events",
        link=Link("metric", {"name": name}),
    )


def event_types(asked: Asked) -> Content:
    found = asked.summaries("events.count", "type")
    if not found:
        return Content(reason="No event in this time. Backends and browsers send them to POST /api/v1/events.")
    took = asked.summaries("events.duration", "type")
    order = sorted(found, key=lambda name: (-found[name].n, name))
    rows = [
        [
            Cell(name, link=Link("metric", {"name": "events.count", "where": f"type:{name}"})),
            Cell(f"{found[name].n:,}", share=found[name].n / found[order[0]].n),
            Cell(duration(took[name].mean) if name in took else "–"),
            Cell(say_quantile(catalogue.metric("events.duration"), took[name], 0.95) if name in took else "–"),
        ]
        for name in order[:COMPONENTS_SHOWN]
    ]
    columns = [Column("Event"), *(Column(name, is_number=True) for name in ("Number", "Mean time", "p95"))]
    hidden = len(order) - COMPONENTS_SHOWN
    table = Table(columns, rows, more=f"{hidden} rarer types are not listed." if hidden > 0 else "")
    return Content(
        words=_of_all(asked),
        table=table,
        n=sum(one.n for one in found.values()),
        n_of="events",
        link=Link("metric", {"name": "events.count", "by": "type"}),
    )


def thread_memory(asked: Asked) -> Content:
    name = "events.memory"
    points = asked.points(name).get((), [])
    use = use_of(points)
    if use is None:
        return Content(reason="No thread told its memory in this time: send `memory_usage` in bytes with an event.")
    metric, level = catalogue.metric(name), asked.level(name)
    chart = line_chart(
        [
            asked.line("mean", points, _mean, level=level),
            asked.line("largest", points, lambda summary: summary.maximum, level=level),
        ],
        start=asked.window.start,
        end=asked.window.end,
        unit="bytes",
        say=lambda figure: say(metric, figure),
        description=f"Memory of a thread through time: mean {say(metric, use.mean)}, at most {say(metric, use.peak)}.",
    )
    at = moment(use.peak_at)[:-3]
    peak = f"peak {say(metric, use.peak)} in the {step_word(level.seconds)} from {at} UTC."
    words = f"Mean {say(metric, use.mean)}, {peak} {_of_all(asked)}".strip()
    return Content(chart=chart, words=words, n=use.n, n_of="events", link=Link("metric", {"name": name}))


declare(
    Panel(
        "log_figures",
        "What happened in this time?",
        "Requests, mean response time, error rate, tokens and events, against as long a time before.",
        GROUP,
        figures,
        width="whole",
    ),
    Panel(
        "event_failures",
        "What do components report as failed?",
        "Failures through time by severity.",
        GROUP,
        failures_through_time,
    ),
    Panel(
        "event_types", "What do events tell of?", "Events by type, and how long what they tell of took.", GROUP, event_types
    ),
    Panel(
        "thread_memory",
        "How much memory does a thread take?",
        "Memory of threads as their events tell it.",
        GROUP,
        thread_memory,
    ),
)
