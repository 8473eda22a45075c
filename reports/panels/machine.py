"""The machines that an application runs on (ledger M1, M5, M7): how much of each is in use, on average and at worst."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from observatory.charts.lines import line_chart
from observatory.core.formats import moment
from observatory.metrics import catalogue
from observatory.metrics.catalogue import Metric
from observatory.metrics.words import say
from observatory.stats.summary import Summary
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Link, Table, Tile
from reports.panels.gauges import Use
from reports.panels.hosts import by_host, drawn, is_borrowed, together, uses_of, whose

GROUP = "Resources"
HOSTS_DRAWN, HOSTS_LISTED = 8, 20
COLUMNS = ("Mean", "p95", "Peak")
# Ledger M5: above 80 healthy, above 60 warning.
HEALTHY, WARNING = 80.0, 60.0
SILENT = (
    "No machine reported in this time. Observatory reports its own every 15 seconds while its worker runs; others send "
    "events of the type system.sample with host, cpu_percent, memory_percent and disk_percent to POST /api/v1/events."
)


@dataclass(frozen=True, slots=True)
class Gauge:
    """What of a machine is measured; `limit` is where it becomes narrow, in the unit of the metric."""

    name: str
    word: str
    title: str
    help: str
    limit: float | None = None
    counted: str = ""

    @property
    def metric(self) -> str:
        return f"system.{self.name}"

    def said(self, figure: float) -> str:
        """A figure with its unit, or with what is counted."""
        return f"{say(catalogue.metric(self.metric), figure)} {self.counted}".rstrip()


GAUGES = (
    Gauge("cpu", "CPU", "How busy are the processors?", "CPU in use, by host.", 90.0),
    Gauge("memory", "Memory", "How full is the memory?", "Memory in use, by host.", 90.0),
    Gauge("disk", "Disk", "How full are the disks?", "Disk in use, by host.", 90.0),
    Gauge("network", "Network", "How much goes over the network?", "Bytes a second in and out, by host."),
    Gauge("connections", "Connections", "How many connections are open?", "Open TCP connections, by host.", counted="open"),
    Gauge(
        "queue",
        "Queue",
        "How much work waits?",
        "Pieces of work that wait. On Observatory’s own machine: changed traces, changed figures, and jobs for its worker.",
        counted="pieces of work",
    ),
)
HEALTH = Gauge("health_score", "Health", "", "", WARNING)


def through_time(gauge: Gauge, asked: Asked) -> Content:
    uses = uses_of(gauge.metric, asked)
    if not uses:
        return Content(reason=SILENT, link=Link("metric", {"name": gauge.metric}))
    metric, (level, shown) = catalogue.metric(gauge.metric), drawn(gauge.metric, asked)
    chart = line_chart(
        [asked.line(_shown(host, gauge, asked), shown[host], _mean, level=level) for host in list(uses)[:HOSTS_DRAWN]],
        start=asked.window.start,
        end=asked.window.end,
        unit=gauge.counted or metric.unit,
        say=gauge.said,
        limit=_shown_limit(gauge, uses.values()),
        description=f"{gauge.word} through time by host: {_in_words(gauge, uses, asked)}.",
    )
    link = Link("metric", {"name": gauge.metric, "by": "host"})
    return Content(
        chart=chart, table=_table(gauge, uses, asked), n=sum(use.n for use in uses.values()), n_of="values", link=link
    )


def _shown(host: str, gauge: Gauge, asked: Asked) -> str:
    return whose(host, is_borrowed=is_borrowed(gauge.metric, asked))


def _mean(summary: Summary) -> float | None:
    return summary.mean


def _shown_limit(gauge: Gauge, uses: Iterable[Use]) -> float | None:
    """A limit far above everything would only press the lines flat."""
    highest = max(use.peak for use in uses)
    return gauge.limit if gauge.limit is not None and highest > 0.6 * gauge.limit else None


def _in_words(gauge: Gauge, uses: dict[str, Use], asked: Asked) -> str:
    return "; ".join(
        f"{_shown(host, gauge, asked)} mean {gauge.said(use.mean)}, at most {gauge.said(use.peak)} on "
        f"{moment(use.peak_at)} UTC"
        for host, use in list(uses.items())[:HOSTS_DRAWN]
    )


def _table(gauge: Gauge, uses: dict[str, Use], asked: Asked) -> Table:
    metric = catalogue.metric(gauge.metric)
    rows = []
    for host, use in list(uses.items())[:HOSTS_LISTED]:
        figures = (use.mean, use.p95, use.peak)
        link = Link("metric", {"name": gauge.metric, "where": f"host:{host}"})
        judged = ("", *(_judged(gauge, figure) for figure in (use.p95, use.peak)))
        cells = [Cell(say(metric, figure), judgement=word) for figure, word in zip(figures, judged, strict=True)]
        rows.append([Cell(_shown(host, gauge, asked), link=link), *cells, Cell(moment(use.peak_at)[:-3])])
    columns = [Column("Host"), *(Column(name, is_number=True) for name in COLUMNS), Column("Peak at (UTC)")]
    hidden = len(uses) - HOSTS_LISTED
    return Table(columns, rows, more=f"{hidden} more hosts are not listed." if hidden > 0 else "")


def _judged(gauge: Gauge, figure: float | None) -> str:
    return "worse" if gauge.limit is not None and figure is not None and figure > gauge.limit else ""


def at_a_glance(asked: Asked) -> Content:
    """A tile for each gauge: the mean of all hosts, and the worst of them."""
    tiles = [_health_tile(asked), *(_tile(gauge, asked) for gauge in GAUGES)]
    if all(tile.reason for tile in tiles):
        return Content(reason=SILENT)
    hosts = list(dict.fromkeys(host for gauge in GAUGES for host in uses_of(gauge.metric, asked)))
    said = f"{len(hosts)} hosts: {', '.join(hosts[:HOSTS_DRAWN])}" if len(hosts) != 1 else f"One host: {hosts[0]}"
    if borrowed := [gauge.word for gauge in (HEALTH, *GAUGES) if is_borrowed(gauge.metric, asked)]:
        what = "no machine" if len(borrowed) > len(GAUGES) else f"no figures of {', '.join(borrowed)}"
        said = f"The application reports {what}: shown is the machine that Observatory itself runs on. {said}"
    of_all = "" if asked.is_followed(HEALTH.metric) else " Machines serve every model and environment."
    return Content(
        tiles=tiles, words=f"{said}. A value is the mean of this time, its p95 that of its steps, from 20 on.{of_all}"
    )


def _tile(gauge: Gauge, asked: Asked) -> Tile:
    metric, uses = catalogue.metric(gauge.metric), uses_of(gauge.metric, asked)
    link = Link("metric", {"name": gauge.metric, "by": "host"})
    if not uses:
        return Tile(gauge.word, "–", reason="No values in this time.", link=link)
    n = sum(use.n for use in uses.values())
    mean = sum(use.mean * use.n for use in uses.values()) / n
    host, worst = max(uses.items(), key=lambda item: item[1].peak)
    usual = max((use.p95 for use in uses.values() if use.p95 is not None), default=None)
    place = f" on {host}" if len(uses) > 1 else ""
    peak = f"peak {say(metric, worst.peak)}{place}, {moment(worst.peak_at)[:-3]} UTC"
    return Tile(
        gauge.word,
        say(metric, mean),
        n=n,
        note=f"{_counted(gauge)}{_p95(metric, usual)}{peak}",
        judgement="bad" if _judged(gauge, usual) else "",
        spark=_spark(asked, gauge.metric),
        link=link,
    )


def _counted(gauge: Gauge) -> str:
    return f"{gauge.counted}; " if gauge.counted else ""


def _p95(metric: Metric, usual: float | None) -> str:
    return "" if usual is None else f"p95 {say(metric, usual)}; "


def _health_tile(asked: Asked) -> Tile:
    uses = uses_of(HEALTH.metric, asked).values()
    link = Link("metric", {"name": HEALTH.metric, "by": "host"})
    if not uses:
        return Tile("Health score", "–", reason="No machine told CPU, memory and disk.", link=link)
    worst = min((use.last for use in uses if use.last is not None), default=0.0)
    word, mark = ("healthy", "good") if worst > HEALTHY else ("warning", "warn") if worst > WARNING else ("critical", "bad")
    return Tile(
        "Health score now",
        f"{worst:.0f}",
        n=sum(use.n for use in uses),
        note=f"of 100: {word}{', the worst host' if len(uses) > 1 else ''}",
        judgement=mark,
        spark=_spark(asked, HEALTH.metric),
        link=link,
    )


def _spark(asked: Asked, name: str) -> list[float | None]:
    level, shown = drawn(name, asked)
    marks = asked.line("", together(shown), _mean, level=level).marks
    return [mark.value for mark in marks]


def health(asked: Asked) -> Content:
    """M5 through time: one line a host, and where a machine becomes critical."""
    lines = by_host(HEALTH.metric, asked)
    if not lines:
        return Content(reason=SILENT)
    level, shown = drawn(HEALTH.metric, asked)
    chart = line_chart(
        [
            asked.line(_shown(host, HEALTH, asked), points, _mean, level=level)
            for host, points in list(shown.items())[:HOSTS_DRAWN]
        ],
        start=asked.window.start,
        end=asked.window.end,
        unit="points",
        say="{:.0f} of 100".format,
        limit=WARNING,
        description=f"Health score of {len(lines)} hosts through time; below {WARNING:.0f} a machine is critical.",
    )
    words = (
        "100 - (0.3 CPU + 0.4 memory + 0.3 disk). Above 80 is healthy, above 60 a warning; at 60, the dashed line, and "
        "below it the machine is critical."
    )
    n = sum(point.summary.n for points in lines.values() for point in points)
    return Content(chart=chart, words=words, n=n, n_of="values", link=Link("metric", {"name": HEALTH.metric, "by": "host"}))


declare(
    Panel(
        "machines",
        "How are the machines?",
        "Mean, p95 and peak of everything that is measured of a machine, and the health score now.",
        GROUP,
        at_a_glance,
        width="whole",
    ),
    *(Panel(f"machine_{one.name}", one.title, one.help, GROUP, partial(through_time, one)) for one in GAUGES),
    Panel("machine_health", "How healthy were the machines?", "Health score from 0 to 100, by host.", GROUP, health),
)
