"""Figures with their n and their interval of 95 %; where there is too little, null and the reason."""

from typing import Any

from observatory.stats import sketch
from observatory.stats.intervals import is_apart, wilson
from observatory.stats.ratings import FEWEST, STARS, rating_interval
from observatory.stats.summary import Summary


def mean_of(stars: Summary) -> dict[str, Any]:
    """The mean of ratings from 1 to 5."""
    interval = rating_interval(stars)
    reason = None if interval else "nobody rated" if not stars.n else f"fewer than {FEWEST} ratings have no interval"
    return {"n": stars.n, "mean": stars.mean, "interval": interval, "reason": reason}


def stars_of(stars: Summary) -> dict[int, int]:
    """How many ratings have each number of stars: exact, for a bin of the sketch is narrower than a star."""
    found = dict.fromkeys(STARS, 0)
    for number, count in stars.bins.items():
        found[min(max(round(sketch.value_of(number)), STARS[0]), STARS[-1])] += count
    return found


def share_of(hits: int, n: int) -> dict[str, Any]:
    """A share, by Wilson."""
    if not n:
        return {"n": 0, "count": 0, "share": None, "interval": None, "reason": "there are none"}
    return {"n": n, "count": hits, "share": hits / n, "interval": wilson(hits, n), "reason": None}


def per(count: int, answers: int) -> dict[str, Any]:
    """How many to an answer. What is said now may be of answers from before the window, so there may be more of it."""
    if not answers or count > answers:
        reason = "more than answers: several of one answer, or of answers from before" if answers else "there are no answers"
        return {"n": answers, "count": count, "share": None, "interval": None, "reason": reason}
    return share_of(count, answers)


def apart(now: Summary, before: Summary) -> bool | None:
    """Whether more than chance parts two means; None where one of them has no interval."""
    intervals = rating_interval(now), rating_interval(before)
    return None if None in intervals else is_apart(*intervals)
