"""Tiles of what is not counted but judged: satisfaction, quality, health."""

from interactions.metrics.system import health_word
from observatory.core import formats
from observatory.metrics.catalogue import Goodness
from observatory.stats.intervals import mean_interval, wilson
from observatory.stats.summary import Summary
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.change import change_of_figure, change_of_share, no_comparison, signed
from reports.panels.content import Change, Tile
from reports.panels.hosts import whose
from reports.panels.sparks import means
from reports.panels.words import between, percent

RATING, HELPFUL, HEALTH = "browser.rating", "browser.helpful", "system.health_score"
LEAST_FOR_MEAN = 5
DOTS = {"healthy": "good", "warning": "warn", "critical": "bad"}


def satisfaction(asked: Asked) -> Tile:
    """The mean rating; where nothing is rated, the share that was called helpful."""
    name = "Satisfaction"
    rated, helpful = asked.summary(RATING), asked.summary(HELPFUL)
    if rated.n >= LEAST_FOR_MEAN and rated.mean is not None:
        interval = mean_interval(rated)
        before = asked.summary(RATING, window=asked.before)
        return Tile(
            name,
            f"{rated.mean:.2f}/5",
            n=rated.n,
            change=_change_of_rating(rated, before),
            interval=between(interval, "{:.2f}".format),
            note=_everything(asked, RATING) or (f"{percent(helpful.mean)} helpful" if helpful.mean is not None else ""),
            spark=means(asked, RATING),
            link=drill.metric(RATING),
        )
    if helpful.n >= LEAST_FOR_MEAN and helpful.mean is not None:
        interval = wilson(helpful.total, helpful.n)
        return Tile(
            name,
            f"{percent(helpful.mean)} helpful",
            n=helpful.n,
            change=_change_of_helpful(helpful, asked.summary(HELPFUL, window=asked.before)),
            interval=between(interval, percent),
            note=_everything(asked, HELPFUL),
            spark=means(asked, HELPFUL),
            link=drill.metric(HELPFUL),
        )
    n = max(rated.n, helpful.n)
    reason = f"{n} ratings are too few: it takes {LEAST_FOR_MEAN}." if n else "No user gave feedback in this time."
    return Tile(name, formats.UNKNOWN, reason=reason, link=drill.metric(RATING))


def _change_of_rating(now: Summary, before: Summary) -> Change:
    if before.n < LEAST_FOR_MEAN or before.mean is None or now.mean is None:
        return no_comparison(before.n, least=LEAST_FOR_MEAN)
    intervals = (mean_interval(now), mean_interval(before))
    return change_of_figure(now.mean, before.mean, goodness=Goodness.HIGHER, intervals=intervals)


def _change_of_helpful(now: Summary, before: Summary) -> Change:
    if before.n < LEAST_FOR_MEAN or before.mean is None or now.mean is None:
        return no_comparison(before.n, least=LEAST_FOR_MEAN)
    intervals = (wilson(now.total, now.n), wilson(before.total, before.n))
    return change_of_share(now.mean, before.mean, goodness=Goodness.HIGHER, intervals=intervals)


def quality(asked: Asked) -> Tile:
    return Tile("Quality", formats.UNKNOWN, reason="Nothing has judged the answers yet.")


def health(asked: Asked) -> Tile:
    """The latest score of the machine that is worst off."""
    hosts = asked.summaries(HEALTH, "host")
    known = [(summary.last, host) for host, summary in hosts.items() if summary.last is not None]
    link = drill.metric(HEALTH, by="host")
    if not known:
        return Tile("Health", formats.UNKNOWN, reason="No machine reported in this time.", link=link)
    score, host = min(known)
    now, before = asked.summary(HEALTH), asked.summary(HEALTH, window=asked.before)
    change = no_comparison(before.n)
    if now.mean is not None and before.mean is not None:
        change = Change(f"mean {signed(now.mean - before.mean, 1)} points")
    return Tile(
        "Health",
        f"{score:.0f}/100",
        n=now.n,
        change=change,
        note=f"{health_word(score)}: {whose(host, is_borrowed=asked.is_borrowed(HEALTH))}{_of_how_many(len(known))}",
        judgement=DOTS[health_word(score)],
        spark=means(asked, HEALTH),
        link=link,
    )


def _of_how_many(hosts: int) -> str:
    return "" if hosts == 1 else f", worst of {hosts}"


def _everything(asked: Asked, name: str) -> str:
    return "" if asked.is_followed(name) else "of everything: it knows no model"
