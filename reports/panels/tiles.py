"""The state of an application in tiles: each a figure, its change, how sure it is, how it went, and where its facts are."""

from collections.abc import Callable

from observatory.core import formats
from observatory.metrics import catalogue
from observatory.metrics.series import Point
from observatory.metrics.windows import PANEL_POINTS
from observatory.stats.distinct import K
from observatory.stats.enough import needed, told_quantile
from observatory.stats.intervals import quantile_interval, wilson
from observatory.stats.summary import Summary
from reports.panels import drill, judged
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.change import change_of_figure, change_of_share, change_of_total, no_comparison
from reports.panels.content import Change, Content, Link, Tile
from reports.panels.estimates import ESTIMATE
from reports.panels.experience import HEALTH, RATING, THUMBS, health, satisfaction
from reports.panels.latency import line_of_quantile
from reports.panels.quality import REVIEWED, quality
from reports.panels.sparks import SPARK_POINTS, Line, line_of
from reports.panels.words import amount, between, percent

COUNT, LATENCY, COST = "interactions.count", "interactions.latency", "interactions.cost"
INPUT, OUTPUT = "interactions.input_tokens", "interactions.output_tokens"
SESSIONS, USERS = "interactions.sessions", "interactions.users"
# Those that charts of the overview show through time, and those of which only a tile does.
CHARTED = (COUNT, LATENCY, COST)
SPARKED = (INPUT, OUTPUT, SESSIONS, USERS, RATING, THUMBS, HEALTH, ESTIMATE)
PLAIN = (RATING, ESTIMATE, *judged.READ)
NONE = "No interaction in this time."


def state(asked: Asked) -> Content:
    asked.read(*CHARTED)
    asked.read(*SPARKED, most_points=SPARK_POINTS, plain=PLAIN)
    for window in (asked.window, asked.before):
        asked.read_wholes(*CHARTED, *SPARKED, REVIEWED, *judged.READ, window=window, plain=PLAIN)
    parts = (requests, success_rate, error_rate, p50, p95, cost, tokens, sessions, users, satisfaction, quality, health)
    return Content(tiles=[part(asked) for part in parts])


def requests(asked: Asked) -> Tile:
    now, before = _both(asked, COUNT)
    if not now.n:
        return Tile("Requests", "0", reason=NONE, link=drill.interactions(asked))
    hours = asked.window.seconds / 3600
    return Tile(
        "Requests",
        amount(now.n),
        n=now.n,
        change=change_of_total(now.n, before.n, is_whole=asked.is_before_whole),
        note=f"{amount(now.n / hours)} an hour" if now.n >= hours else "",
        spark=_spark(asked, COUNT, lambda summary: summary.n, empty=0),
        link=drill.interactions(asked),
    )


def success_rate(asked: Asked) -> Tile:
    return _rate(asked, "Success rate", "ok")


def error_rate(asked: Asked) -> Tile:
    return _rate(asked, "Error rate", "error")


def _rate(asked: Asked, name: str, status: str) -> Tile:
    now, before = asked.summary(COUNT), asked.summary(COUNT, window=asked.before)
    link = drill.interactions(asked, status=status)
    if not now.n:
        return Tile(name, formats.UNKNOWN, reason=NONE, link=link)
    hits = asked.summary(COUNT, status=status).n
    interval = wilson(hits, now.n)
    goodness = catalogue.metric("interactions.error_rate").goodness if status == "error" else None
    change = no_comparison(before.n)
    if before.n:
        hits_before = asked.summary(COUNT, window=asked.before, status=status).n
        change = change_of_share(
            hits / now.n,
            hits_before / before.n,
            goodness=goodness or catalogue.Goodness.HIGHER,
            intervals=(interval, wilson(hits_before, before.n)),
        )
    return Tile(
        name,
        percent(hits / now.n),
        n=now.n,
        change=change,
        interval=between(interval, percent),
        note=f"{hits:,} failed" if status == "error" else "",
        spark=_share_spark(asked, status),
        link=link,
    )


def p50(asked: Asked) -> Tile:
    return _latency(asked, "Response time p50", 0.5)


def p95(asked: Asked) -> Tile:
    return _latency(asked, "Response time p95", 0.95)


def _latency(asked: Asked, name: str, q: float) -> Tile:
    now, before = _both(asked, LATENCY)
    figure, figure_before, least = told_quantile(now, q), told_quantile(before, q), needed(q)
    link = drill.metric(LATENCY)
    if figure is None:
        reason = f"{now.n:,} response times are too few: it takes {least}." if now.n else "No response time was measured."
        return Tile(name, formats.UNKNOWN, reason=reason, link=link)
    link = drill.interactions(asked, min_latency_ms=f"{figure:.0f}")
    interval = quantile_interval(now, q)
    change = no_comparison(before.n, least=least)
    if figure_before is not None:
        change = change_of_figure(
            figure,
            figure_before,
            goodness=catalogue.metric(LATENCY).goodness,
            intervals=(interval, quantile_interval(before, q)),
        )
    return Tile(
        name,
        formats.duration(figure),
        n=now.n,
        change=change,
        interval=between(interval, formats.duration),
        spark=[mark.value for mark in line_of_quantile(asked, name, q).marks],
        link=link,
    )


def cost(asked: Asked) -> Tile:
    now, before = _both(asked, COST)
    link = drill.metric(COST, by="model")
    if not now.n:
        reason = "No interaction in this time has a cost." if asked.summary(COUNT).n else NONE
        return Tile("Cost", formats.UNKNOWN, reason=reason, link=link)
    hourly = now.total / (asked.window.seconds / 3600)
    unpriced = asked.summary(COUNT).n - now.n
    return Tile(
        "Cost",
        formats.dollars(now.total),
        n=now.n,
        change=_change_of_total(asked, COST, now, before),
        note=f"{formats.dollars(hourly)} an hour" + (f"; {unpriced:,} without a cost" if unpriced > 0 else ""),
        spark=_spark(asked, COST, lambda summary: summary.total, empty=0),
        link=link,
    )


def tokens(asked: Asked) -> Tile:
    parts = [_both(asked, name) for name in (INPUT, OUTPUT)]
    now, before = (sum(part[place].total for part in parts) for place in (0, 1))
    n = max(part[0].n for part in parts)
    link = drill.metric(INPUT, by="model")
    if not n:
        return Tile("Tokens", formats.UNKNOWN, reason="No tokens were counted in this time.", link=link)
    had = any(part[1].n for part in parts)
    lines = [_spark(asked, name, lambda summary: summary.total, empty=0) for name in (INPUT, OUTPUT)]
    return Tile(
        "Tokens",
        amount(now),
        n=n,
        change=change_of_total(now, before, is_whole=asked.is_before_whole) if had else no_comparison(0),
        note=f"{amount(parts[0][0].total)} in, {amount(parts[1][0].total)} out",
        spark=[sum(part or 0 for part in step) for step in zip(*lines, strict=True)],
        link=link,
    )


def sessions(asked: Asked) -> Tile:
    return _distinct(asked, "Active sessions", SESSIONS, Link("sessions"))


def users(asked: Asked) -> Tile:
    return _distinct(asked, "Active users", USERS, Link("users"))


def _distinct(asked: Asked, name: str, metric: str, link: Link) -> Tile:
    now, before = _both(asked, metric)
    what = metric.rpartition(".")[2]
    if not now.n:
        return Tile(name, formats.UNKNOWN, reason=f"No interaction in this time names its {what[:-1]}.", link=link)
    return Tile(
        name,
        amount(round(now.distinct)),
        n=now.n,
        change=_change_of_distinct(asked, now, before),
        note="" if len(now.hashes) < K else "within about 4 %",
        spark=_spark(asked, metric, lambda summary: summary.distinct, empty=0),
        link=link,
    )


# ---- what the tiles share ----


def _both(asked: Asked, name: str) -> tuple[Summary, Summary]:
    return asked.summary(name), asked.summary(name, window=asked.before)


def _change_of_total(asked: Asked, name: str, now: Summary, before: Summary) -> Change:
    if not before.n:
        return no_comparison(0)
    goodness = catalogue.metric(name).goodness
    return change_of_total(now.total, before.total, is_whole=asked.is_before_whole, goodness=goodness)


def _change_of_distinct(asked: Asked, now: Summary, before: Summary) -> Change:
    if not before.n:
        return no_comparison(0)
    return change_of_total(round(now.distinct), round(before.distinct), is_whole=asked.is_before_whole)


def _spark(asked: Asked, name: str, figure: Callable[[Summary], float | None], *, empty: float | None = None) -> Line:
    return line_of(asked, name, figure, most_points=PANEL_POINTS if name in CHARTED else SPARK_POINTS, empty=empty)


def _share_spark(asked: Asked, status: str) -> Line:
    level = asked.level(COUNT)
    hits = {point.start: point.summary.n for point in asked.points(COUNT, status=status).get((), ())}
    shares = [
        Point(point.start, point.seconds, Summary(n=point.summary.n, total=hits.get(point.start, 0)))
        for point in asked.points(COUNT).get((), ())
    ]
    return [mark.value for mark in asked.line("", shares, lambda summary: summary.mean, level=level).marks]


declare(
    Panel(
        "state",
        "How is the application doing?",
        "Figures of this time, each with its change against the time before of the same length. Better and worse are "
        "coloured only where the intervals of confidence (95 %) share no value; totals from a tenth on. Too few values "
        f"make a tile grey: fewer than {needed(0.5)} for p50, {needed(0.95)} for p95.",
        "Traffic",
        state,
        width="whole",
    ),
)
