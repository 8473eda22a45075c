"""What the models cost: totals, what caching saves, and what is missing in them."""

from collections import defaultdict
from decimal import Decimal

from observatory.core import formats
from observatory.metrics.catalogue import Goodness
from observatory.stats.intervals import mean_interval
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.change import change_of_figure, change_of_share, change_of_total, no_comparison
from reports.panels.content import Content, Link, Tile
from reports.panels.model_figures import COST, ModelFigures, models_of, prices
from reports.panels.words import between, percent

GROUP = "Cost"
NO_COST = "No interaction in this time has a cost: send tokens and the model's name, and give the model a price."


def figures(asked: Asked) -> Content:
    now, before = asked.summary(COST), asked.summary(COST, window=asked.before)
    models = models_of(asked)
    if not models:
        return Content(reason="No interaction in this time.", link=drill.interactions(asked))
    tiles = [cached_share(asked, models), unpriced(models)]
    if not now.n:
        return Content(tiles=tiles, words=NO_COST)
    hours = asked.window.seconds / 3600
    interval, interval_before = mean_interval(now), mean_interval(before)
    mean, mean_before = now.total / now.n, before.total / before.n if before.n else 0.0
    lower = Goodness.LOWER
    of_total = no_comparison(0)
    if before.n:
        of_total = change_of_total(now.total, before.total, is_whole=asked.is_before_whole, goodness=lower)
    of_mean = change_of_figure(mean, mean_before, goodness=lower, intervals=(interval, interval_before))
    list_url = drill.interactions(asked)
    first = [
        Tile("Cost", formats.dollars(now.total), n=now.n, change=of_total, link=list_url, spark=_spark(asked)),
        Tile("Cost per hour", formats.dollars(now.total / hours), change=of_total, note=_most_in_an_hour(asked)),
        Tile(
            "Cost per interaction",
            formats.dollars(mean),
            n=now.n,
            change=of_mean if before.n else no_comparison(0),
            interval=between(interval, formats.dollars),
            note="on average, of those with a cost",
            link=list_url,
        ),
    ]
    return Content(tiles=[*first, *tiles])


def _spark(asked: Asked) -> list[float | None]:
    points = asked.points(COST).get((), [])
    line = asked.line("", points, lambda summary: summary.total, level=asked.level(COST), empty=0)
    return [mark.value for mark in line.marks]


def _most_in_an_hour(asked: Asked) -> str:
    hours: dict[float, float] = defaultdict(float)
    if asked.level(COST).seconds > 3600 or asked.window.seconds < 2 * 3600:
        return ""
    for point in asked.points(COST).get((), []):
        hours[point.start.timestamp() // 3600] += point.summary.total
    return f"at most {formats.dollars(max(hours.values()))} in one hour" if hours else ""


def cached_share(asked: Asked, models: list[ModelFigures]) -> Tile:
    """How many input tokens came from a cache, and by how much they were cheaper at the prices of now."""
    name = "Cached input tokens"
    fresh, cached = (sum(one.sum_of(kind) for one in models) for kind in ("input", "cached"))
    n = sum(one.tokens["interactions.cached_tokens"].n for one in models)
    if not fresh:
        return Tile(name, formats.UNKNOWN, reason="No input tokens were counted.")
    if not n:
        return Tile(name, formats.UNKNOWN, reason="No interaction says how many of its tokens were cached.")
    saved = _saved_by_caching(asked, models)
    was = models_of(asked, asked.before)
    before = sum(one.sum_of("input") for one in was)
    change = no_comparison(0)
    if before:
        share_before = sum(one.sum_of("cached") for one in was) / before
        change = change_of_share(cached / fresh, share_before, goodness=Goodness.HIGHER, intervals=(None, None))
    words = f"saved {formats.dollars(saved)}" if saved >= 0 else f"writing the cache cost {formats.dollars(-saved)} more"
    return Tile(name, percent(min(1.0, cached / fresh)), n=n, change=change, note=f"{words} at today's prices")


def _saved_by_caching(asked: Asked, models: list[ModelFigures]) -> Decimal:
    """What reading from caches made cheaper, less what writing to them made dearer."""
    known = [(one, prices(asked).of(one.model)) for one in models if one.sum_of("cached") or one.sum_of("cache_write")]
    return sum(
        (
            price.saved_by_caching(one.sum_of("cached")) - price.added_by_writing(one.sum_of("cache_write"))
            for one, price in known
            if price
        ),
        Decimal(0),
    )


def unpriced(models: list[ModelFigures]) -> Tile:
    """What is missing in all sums."""
    missing = sum(one.unpriced for one in models)
    which = sum(1 for one in models if one.unpriced)
    note = f"of {which:,} model{'' if which == 1 else 's'}; in no sum here" if missing else "every call has a price"
    return Tile("Without a price", f"{missing:,}", note=note, judgement="warn" if missing else "good", link=Link("gaps"))


declare(
    Panel(
        "cost_figures",
        "What does it cost?",
        "Cost of interactions with a known price, and what is missing in it.",
        GROUP,
        figures,
        width="whole",
    ),
)
