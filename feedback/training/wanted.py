"""Which exchanges of the buffer are exported, and with what of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from feedback.training.buffer import HIGHEST, LOWEST
from observatory.core.errors import ApiError
from observatory.core.parameters import moment

SWITCHES = ("reviewed", "with_signals", "with_people")
BOUNDS = ("min_rating", "max_rating")
PARAMETERS = (*BOUNDS, "since", "until", "judged_min", *SWITCHES)
MOST_JUDGED = 10
YES, NO = ("1", "true", "yes"), ("", "0", "false", "no")


@dataclass(frozen=True, slots=True)
class Wanted:
    """`since` is included, `until` is not. Ratings are the mean of an exchange's users, both bounds included.

    `judged_min`: the least value of scores by their name, of a judge or the application; who has none is left out.
    `reviewed`: only exchanges that a reviewer looked at. `with_people`: with ids of users and sessions.
    """

    min_rating: float | None = None
    max_rating: float | None = None
    since: datetime | None = None
    until: datetime | None = None
    judged_min: Mapping[str, float] = field(default_factory=dict)
    reviewed: bool = False
    with_signals: bool = False
    with_people: bool = False

    def said(self) -> dict[str, Any]:
        """The filters that are set, as the data card says them."""
        names = (*BOUNDS, "since", "until", "judged_min", *SWITCHES)
        return {name: value for name in names if (value := getattr(self, name)) not in (None, False, {})}


def parse_wanted(parameters: Mapping[str, str]) -> Wanted:
    """Raises ApiError with the parameter that cannot be understood."""
    amounts = {name: _rating(parameters, name) for name in BOUNDS}
    least, most = amounts["min_rating"], amounts["max_rating"]
    if least is not None and most is not None and least > most:
        raise ApiError("invalid", "is above max_rating", field="min_rating")
    return Wanted(
        min_rating=least,
        max_rating=most,
        since=moment(parameters, "since"),
        until=moment(parameters, "until"),
        judged_min=_judged(parameters.get("judged_min", "")),
        reviewed=_switch(parameters, "reviewed"),
        with_signals=_switch(parameters, "with_signals"),
        with_people=_switch(parameters, "with_people"),
    )


def _rating(parameters: Mapping[str, str], name: str) -> float | None:
    text = parameters.get(name, "").strip()
    if not text:
        return None
    value = number(text)
    if value is None or not LOWEST <= value <= HIGHEST:
        raise ApiError("invalid", f"expected a number from {LOWEST} to {HIGHEST}", field=name)
    return value


def _judged(text: str) -> dict[str, float]:
    """`deepeval.faithfulness=0.8,judge.quality=0.5`."""
    found: dict[str, float] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, _, least = pair.rpartition("=")
        value = number(least)
        if not name.strip() or value is None or len(found) == MOST_JUDGED:
            reason = f"expected up to {MOST_JUDGED} like deepeval.faithfulness=0.8, with commas between"
            raise ApiError("invalid", reason, field="judged_min")
        found[name.strip()] = value
    return found


def _switch(parameters: Mapping[str, str], name: str) -> bool:
    text = parameters.get(name, "").strip().lower()
    if text not in (*YES, *NO):
        raise ApiError("invalid", "expected true or false", field=name)
    return text in YES


def number(text: str) -> float | None:
    """None for what is no finite number."""
    try:
        value = float(text[:30])
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None
