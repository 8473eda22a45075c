"""What people say and do in a window, all told: read from the buckets of metrics, so a month costs what an hour costs.

Only the correlation of stars and confidence reads rows: the newest LOOKED ratings of the window.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from feedback.metrics.people import CONFIDENCES, LOW_RATING, MOST_CONFIDENT, TONES
from feedback.metrics.sources import ENVIRONMENT
from feedback.models import Score, Source
from feedback.reading.figures import apart, mean_of, per, share_of, stars_of
from feedback.submit import RATING, SIGNALS
from observatory.metrics.catalogue import metric
from observatory.metrics.levels import LEVELS
from observatory.metrics.series import Point, Window, comparable, points
from observatory.stats import correlation
from observatory.stats.summary import Summary, merge

HOUR, DAY = LEVELS[2], LEVELS[3]
HOURLY_UP_TO = timedelta(days=3)
SATISFIED = 4  # stars, from which on a user is content
LOOKED = 10_000
MOST_VERSIONS = 50
Labels = tuple[str, ...]


class Reader:
    """Reads metrics of one project over a window, in whole buckets, of one environment or of all."""

    def __init__(self, project_id: int, window: Window, environment: str = ""):
        self.project_id, self.environment = project_id, environment
        self.where = {"environment": environment} if environment else {}
        rating = metric("feedback.rating")
        self.level, self.window, self.before = comparable(rating, project_id=project_id, window=window)

    def by(self, name: str, *labels: str, over: Window | None = None) -> dict[Labels, Summary]:
        lines = points(
            metric(name),
            project_id=self.project_id,
            window=over or self.window,
            by=labels,
            where=self.where,
            level=self.level,
        )
        return {key: merge(point.summary for point in line) for key, line in lines.items()}

    def all(self, name: str, *, over: Window | None = None) -> Summary:
        return merge(self.by(name, over=over).values())

    def through_time(self, name: str) -> list[Point]:
        """By the hour up to three days, else by the day."""
        wanted = HOUR if self.window.end - self.window.start <= HOURLY_UP_TO else DAY
        level = max(wanted, self.level, key=lambda level: level.seconds)
        found = points(metric(name), project_id=self.project_id, window=self.window, where=self.where, level=level)
        return found.get((), [])


def feedback_summary(project_id: int, window: Window, *, environment: str = "") -> dict[str, Any]:
    """Return the figures, each with its n and its interval of 95 %, or null and the reason.

    `since` is where the first bucket begins that was read: at the window's start, or as much earlier as a bucket is long.
    """
    reader = Reader(project_id, window, environment)
    ratings, answers = reader.all("feedback.rating"), reader.all("interactions.count").n
    thumbs, before = reader.all("feedback.thumbs_up"), reader.all("feedback.rating", over=reader.before)
    stars = stars_of(ratings)
    return {
        "since": reader.window.start,
        "answers": answers,
        "rating": {**mean_of(ratings), "distribution": {str(star): n for star, n in stars.items()}},
        "low_ratings": share_of(sum(n for star, n in stars.items() if star <= LOW_RATING), ratings.n),
        "satisfaction": share_of(sum(n for star, n in stars.items() if star >= SATISFIED), ratings.n),
        "thumbs_up": share_of(round(thumbs.total), thumbs.n),
        "feedback_rate": per(reader.all("feedback.answers_rated").n, answers),
        "comments": (comments := reader.all("feedback.comments").n),
        "tone": _tone(reader, comments),
        "signals": _signals(reader, answers),
        "confidence": _confidence(reader),
        "model_versions": _versions(reader),
        "trend": [{"start": one.start, **mean_of(one.summary)} for one in reader.through_time("feedback.rating")],
        "change": {
            "since": reader.before.start,
            "before": mean_of(before),
            "difference": ratings.mean - before.mean if ratings.mean is not None and before.mean is not None else None,
            "is_beyond_chance": apart(ratings, before),
        },
    }


def _tone(reader: Reader, comments: int) -> dict[str, Any]:
    """How English comments sound; it is no measure of how content somebody is. `left_out`: others, and what waits."""
    found = {labels[0]: one.n for labels, one in reader.by("feedback.tone", "tone").items()}
    n = sum(found.get(name, 0) for name in TONES)
    return {"n": n, "left_out": max(0, comments - n), **{name: share_of(found.get(name, 0), n) for name in TONES}}


def _signals(reader: Reader, answers: int) -> dict[str, Any]:
    """How often each was seen, and among how many answers."""
    found: Mapping[Labels, Summary] = reader.by("feedback.signals", "signal")
    good = reader.all("feedback.good_signals")
    kinds = {name: per(found.get((name,), Summary()).n, answers) for name in SIGNALS}
    return {"n": sum(one.n for one in found.values()), "good": share_of(round(good.total), good.n), "kinds": kinds}


def _confidence(reader: Reader) -> dict[str, Any]:
    """Stars by how sure the application was, and whether the two go together."""
    found = reader.by("feedback.rating_by_confidence", "confidence")
    names = [name for _, name in CONFIDENCES] + [MOST_CONFIDENT]
    stretches = [{"confidence": name, **mean_of(found.get((name,), Summary()))} for name in names]
    return {"stretches": stretches, "correlation": _correlation(reader)}


def _correlation(reader: Reader) -> dict[str, Any]:
    """Spearman's, of the newest pairs. A few values of each tie, so ranks are compared, and not the numbers."""
    rows = Score.objects.for_project(reader.project_id).of(Source.USER).filter(name=RATING)
    rows = rows.filter(at__gte=reader.window.start, at__lt=reader.window.end)
    if reader.environment:
        rows = rows.filter(environment="" if reader.environment == ENVIRONMENT.empty else reader.environment)
    newest = rows.newest_first().values_list("value", "confidence")[:LOOKED]
    pairs = [(stars, sure) for stars, sure in newest if stars is not None and sure is not None]
    value = correlation.spearman(pairs)
    interval = None if value is None else correlation.spearman_interval(value, len(pairs))
    reason = None
    if len(pairs) < correlation.FEWEST:
        reason = f"fewer than {correlation.FEWEST} ratings of answers whose confidence is known"
    elif value is None:
        reason = "all ratings, or all confidences, are the same"
    return {"n": len(pairs), "spearman": value, "interval": interval, "reason": reason}


def _versions(reader: Reader) -> list[dict[str, Any]]:
    """Stars by model and version, the most rated first."""
    found = reader.by("feedback.rating", "model", "model_version")
    most = sorted(found.items(), key=lambda item: (-item[1].n, item[0]))[:MOST_VERSIONS]
    return [{"model": model, "model_version": version, **mean_of(one)} for (model, version), one in most]
