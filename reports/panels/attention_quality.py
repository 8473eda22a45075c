"""What needs attention in feedback and quality: ratings that fell, evaluations that fail, answers that wait for a score."""

from collections.abc import Iterator

from feedback.metrics.people import RATING as NAME
from interactions.reading.followers import backlogs
from observatory.core import formats
from observatory.stats.intervals import is_apart
from observatory.stats.ratings import rating_interval
from reports.panels.asked import Asked
from reports.panels.concerns import Concern
from reports.panels.content import Link
from reports.panels.evaluations import FAILED, TITLES
from reports.panels.words import percent

RATING = f"feedback.{NAME}"
FEWEST_FAILED, FAILED_SHARE, MOST_FAILED = 5, 0.2, 0.5
LATE_S = 60.0
FEEDBACK, QUALITY = Link("board", {"name": "feedback"}), Link("board", {"name": "quality"})


def ratings(asked: Asked) -> Iterator[Concern]:
    """A fall that is more than chance: the intervals of both times share no value."""
    now, before = (asked.summary(RATING, window=window, is_plain=True) for window in (asked.window, asked.before))
    if now.mean is None or before.mean is None or now.mean >= before.mean:
        return
    if is_apart(rating_interval(now), rating_interval(before)):
        detail = f"{now.mean:.2f} of 5 (n = {now.n:,}), after {before.mean:.2f} (n = {before.n:,}) in the time before."
        yield Concern("warn", "Ratings fell", detail, FEEDBACK)


def evaluations(asked: Asked) -> Iterator[Concern]:
    for name, summary in asked.summaries(FAILED, "evaluator").items():
        share = summary.mean or 0.0
        if summary.total >= FEWEST_FAILED and share >= FAILED_SHARE:
            judgement = "bad" if share >= MOST_FAILED else "warn"
            detail = f"{percent(share)} of {summary.n:,} evaluations. Those answers have no score."
            yield Concern(judgement, f"{TITLES.get(name, name)}: evaluations fail", detail, QUALITY)


def followers(asked: Asked) -> Iterator[Concern]:
    """What follows the digest, such as the scoring of answers."""
    for one in backlogs(asked.project_id, now=asked.now):
        if one.failed_count:
            yield Concern("bad", f"{one.name} failed", f"{one.failed_count:,} traces failed five times.", Link("ingest"))
        if one.lag_s > LATE_S:
            detail = f"{one.waiting:,} traces wait, the oldest for {formats.duration(one.lag_ms)}."
            yield Concern("warn", f"{one.name} is late", detail, Link("ingest"))


CHECKS = (followers, ratings, evaluations)
READ, READ_BEFORE = (RATING, FAILED), (RATING,)
