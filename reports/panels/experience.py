"""Tiles of what is not counted but judged: satisfaction and health."""

from interactions.metrics.system import health_word
from observatory.core import formats
from observatory.metrics.catalogue import Goodness
from observatory.stats.intervals import wilson
from observatory.stats.ratings import FEWEST, rating_interval
from observatory.stats.summary import Summary
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.change import change_of_figure, change_of_share, no_comparison, signed
from reports.panels.content import Change, Link, Tile
from reports.panels.hosts import whose
from reports.panels.sparks import means
from reports.panels.words import between, percent

RATING, THUMBS, HEALTH = "feedback.rating", "feedback.thumbs_up", "system.health_score"
READ = (RATING, THUMBS)
BOARD = Link("board", {"name": "feedback"})
DOTS = {"healthy": "good", "warning": "warn", "critical": "bad"}


def satisfaction(asked: Asked) -> Tile:
    """The mean rating; where nothing is rated, the share of thumbs that point up."""
    name = "Satisfaction"
    rated, thumbs = asked.summary(RATING, is_plain=True), asked.summary(THUMBS)
    if rated.n >= FEWEST and rated.mean is not None:
        return Tile(
            name,
            f"{rated.mean:.2f}/5",
            n=rated.n,
            change=_change_of_rating(rated, asked.summary(RATING, window=asked.before, is_plain=True)),
            interval=between(rating_interval(rated), "{:.2f}".format),
            note=f"{percent(thumbs.mean)} thumbs up" if thumbs.mean is not None else "",
            spark=means(asked, RATING),
            link=BOARD,
        )
    if thumbs.n >= FEWEST and thumbs.mean is not None:
        return Tile(
            name,
            f"{percent(thumbs.mean)} up",
            n=thumbs.n,
            change=_change_of_thumbs(thumbs, asked.summary(THUMBS, window=asked.before)),
            interval=between(wilson(thumbs.total, thumbs.n), percent),
            note="of all thumbs",
            spark=means(asked, THUMBS),
            link=BOARD,
        )
    n = max(rated.n, thumbs.n)
    reason = f"{n} ratings are too few: it takes {FEWEST}." if n else "No user gave feedback in this time."
    return Tile(name, formats.UNKNOWN, reason=reason, link=BOARD)


def _change_of_rating(now: Summary, before: Summary) -> Change:
    if before.n < FEWEST or before.mean is None or now.mean is None:
        return no_comparison(before.n, least=FEWEST)
    intervals = (rating_interval(now), rating_interval(before))
    return change_of_figure(now.mean, before.mean, goodness=Goodness.HIGHER, intervals=intervals)


def _change_of_thumbs(now: Summary, before: Summary) -> Change:
    if before.n < FEWEST or before.mean is None or now.mean is None:
        return no_comparison(before.n, least=FEWEST)
    intervals = (wilson(now.total, now.n), wilson(before.total, before.n))
    return change_of_share(now.mean, before.mean, goodness=Goodness.HIGHER, intervals=intervals)


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
