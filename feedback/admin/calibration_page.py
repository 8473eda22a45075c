"""The page that checks the judges: against people, against canaries; and the application's confidence against all."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest

from feedback.admin.canary_links import to_canaries
from feedback.admin.review_links import act_on, to_queue
from feedback.models import Canary
from feedback.models import Judge as JudgeModel
from feedback.review.confidence import buckets_of, low_share, of_judge, of_ratings, of_reviews
from feedback.review.drift import BASE_DAYS, DAYS, Drift, drift_of
from feedback.review.judges import Judge, estimators, judges, judging, pairs, unjudged
from feedback.review.reviewed import Reviewed, between_reviewers, reviewed_answers
from interactions.admin.links import here
from interactions.confidence import LOW_CONFIDENCE
from observatory.charts.calibration_curve import CurvePoint, calibration_chart
from observatory.charts.lines import line_chart
from observatory.charts.marks import Mark, TimeLine
from observatory.core.formats import count
from observatory.core.time_range import QUICK_RANGES, quick_range, range_choices
from observatory.metrics import catalogue
from observatory.metrics.series import Window, summaries
from observatory.projects.models import Project
from observatory.stats.agreement import FEWEST_PAIRS
from observatory.stats.calibration import Calibration
from observatory.stats.intervals import wilson
from observatory.stats.summary import Summary, merge

CONFIDENCE = "interactions.confidence"
LONGEST = timedelta(days=365)
MOST_CURVES = 4
DAY = timedelta(days=1)


def calibration_context(request: HttpRequest, project: Project, *, now: datetime) -> dict[str, Any]:
    chosen = quick_range(request.GET, now=now, default="30d")
    since = chosen.since or now - LONGEST
    window = Window(since, now)
    answers = reviewed_answers(project.pk, since=since)
    found = judges(project.pk, answers, window)
    drifts = drift_of(project.pk, now=now)
    return {
        "ranges": range_choices(chosen, lambda key: here(request, range=key, since=None, until=None)),
        "range_words": f"the last {QUICK_RANGES[chosen.key][0]}" if chosen.key in QUICK_RANGES else "the last year",
        "reviewed": len(answers),
        "judges": [_judge(one) for one in found],
        "unjudged": len(unjudged(answers, judging(project.pk))),
        "judge_url": act_on(project, "judge"),
        "people": between_reviewers(answers),
        "estimators": estimators(answers),
        "fewest": FEWEST_PAIRS,
        "drifts": [_drift(one, now) for one in drifts],
        "drift_days": DAYS,
        "base_days": BASE_DAYS,
        "canaries": Canary.objects.filter(project=project, is_on=True).count(),
        "has_judge": JudgeModel.objects.filter(project=project).exists(),
        "canaries_url": to_canaries(project),
        "queue_url": to_queue(project),
        "low_confidence": LOW_CONFIDENCE,
        **_confidence(project, found, answers, window),
    }


def _judge(one: Judge) -> dict[str, Any]:
    return {"one": one, "cells": pairs(one.agreement), "kappa": one.agreement.kappa, "words": rate_words(one)}


def rate_words(one: Judge) -> str:
    """What the two rates mean, in a sentence."""
    rate = one.rate
    if not rate.judged and one.agreement.n:
        return "Its verdicts are not rolled up yet: look again in a minute."
    if rate.value is None or rate.raw is None:
        return ""  # why stands in its place
    points = f"{abs(rate.raw - rate.value) * 100:.1f} points"
    if rate.is_biased:
        lean = "too lenient" if rate.raw > rate.value else "too strict"
        said = f"The judge is {lean} by about {points}: go by the corrected rate."
    else:
        said = "Judge and people differ by no more than chance."
    if not rate.helps:
        said += " The judge does not narrow what people alone say: their interval is as good, or better."
    return said


def _drift(one: Drift, now: datetime) -> dict[str, Any]:
    return {
        "one": one,
        "last": one.last,
        "last_interval": wilson(one.last.right, one.last.n) if one.last else None,
        "base": one.base,
        "base_share": one.base[0] / one.base[1] if one.base[1] else None,
        "versions": _versions(one),
        "failed": one.days[-1].failed if one.days else 0,
        "has_scores": any(day.good or day.bad for day in one.days),
        "chart": _drift_chart(one, now) if len(one.days) > 1 else None,
    }


def _versions(one: Drift) -> list[tuple[str, Any]]:
    """Each version with the first day on which it spoke."""
    first: dict[str, Any] = {}
    for day in one.days:
        for version in sorted(day.versions):
            first.setdefault(version, day.on)
    return list(first.items())


def _drift_chart(one: Drift, now: datetime) -> Any:
    days = {day.on: day for day in one.days}
    first = one.days[0].on
    dates = [first + step * DAY for step in range((now.date() - first).days + 1)]
    start = datetime.combine(first, time(), UTC)

    def line(name: str, values: Any) -> TimeLine:
        marks = [Mark(*values(days[on])) if on in days else Mark(None) for on in dates]
        return TimeLine(name, start, DAY, marks)

    return line_chart(
        [line("good canaries", lambda day: _mean(day.good)), line("bad canaries", lambda day: _mean(day.bad))],
        start=start,
        end=start + len(dates) * DAY,
        unit="1",
        say=lambda value: f"{value:.2f}",
        styles={"good canaries": "good", "bad canaries": "bad"},
        dashes={"bad canaries": (4, 3)},
        description=f"Mean score of {one.evaluator} on good and on bad canaries, by day.",
        gap="A gap: the judge was not asked, or failed.",
    )


def _mean(values: Sequence[float]) -> tuple[float | None, int]:
    return (sum(values) / len(values) if values else None), len(values)


def _confidence(project: Project, found: Sequence[Judge], answers: Sequence[Reviewed], window: Window) -> dict[str, Any]:
    """Curves of what there is, and the buckets of all answers."""
    metric = catalogue.metric(CONFIDENCE)
    whole = merge(summaries(metric, project_id=project.pk, window=window).values())
    if not whole.n:
        return {"confident": 0}
    names = list(dict.fromkeys(one.name for one in found))[:MOST_CURVES]
    curves = {
        "ratings of users": of_ratings(project.pk, window.start),
        "reviewers": of_reviews(answers),
        **{name: of_judge(project.pk, name, window.start) for name in names},
    }
    drawn = {name: points for name, curve in curves.items() if (points := _points(curve))}
    return {
        "confident": whole.n,
        "low_share": low_share(whole),
        "low_interval": wilson((low_share(whole) or 0) * whole.n, whole.n),
        "curves": [(name, curve, lean_words(curve)) for name, curve in curves.items()],
        "curve_chart": calibration_chart(drawn, description=_describe(drawn)) if drawn else None,
        "buckets": _buckets(whole, curves),
    }


def lean_words(curve: Calibration) -> str:
    """Which way the confidence errs, in words; "" where that cannot be told."""
    if curve.error is None or curve.chance is None or curve.lean is None:
        return ""
    if curve.error <= curve.chance:
        return "as sure as it should be, up to chance"
    if abs(curve.lean) < curve.error / 2:
        return "too sure in some tenths, not sure enough in others"
    return f"{'too sure' if curve.lean > 0 else 'not sure enough'}, by {abs(curve.lean):.2f} in the mean"


def _points(curve: Calibration) -> list[CurvePoint]:
    """The tenths with enough answers."""
    return [
        CurvePoint(one.low, one.high, one.n, one.confidence, one.share, one.interval)
        for one in curve.bins
        if one.confidence is not None and one.share is not None and one.interval is not None
    ]


def _describe(curves: dict[str, list[CurvePoint]]) -> str:
    said = (f"{name}, {count(sum(point.n for point in points))} answers" for name, points in curves.items())
    return f"Share of good answers by confidence: {'; '.join(said)}."


def _buckets(whole: Summary, curves: dict[str, Calibration]) -> list[dict[str, Any]]:
    told = buckets_of(whole)
    return [
        {
            "low": place / len(told),
            "high": (place + 1) / len(told),
            "n": n,
            "share": n / whole.n,
            "is_low": (place + 1) / len(told) <= LOW_CONFIDENCE + 1e-9,
            "rated": curves["ratings of users"].bins[place],
            "reviewed": curves["reviewers"].bins[place],
        }
        for place, n in enumerate(told)
    ]
