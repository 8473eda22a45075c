"""What the list of scores is narrowed by, out of its address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from feedback.quality.judge.injection import SUSPECTED
from feedback.reading.pages import Wanted
from feedback.reading.verdicts import PARAMETERS as API_PARAMETERS
from feedback.reading.verdicts import SOURCES, STATES, wanted_scores
from interactions.reading.filters import short_text
from observatory.core.errors import ApiError
from observatory.core.time_range import TimeRange, quick_range

DEFAULT_RANGE = "30d"
NEWEST, LOWEST = "newest", "lowest"
SORTS = (NEWEST, LOWEST)
PASSED = {"yes": True, "no": False}
FLAGGED = ("yes",)  # texts that speak to the judge
FIELDS = ("name", "source", "state", "passed", "flagged", "model", "sort", "with")
CHOICES = {"source": tuple(SOURCES), "state": tuple(STATES), "passed": tuple(PASSED), "flagged": FLAGGED, "sort": SORTS}


@dataclass(frozen=True, slots=True)
class Asked:
    """`name` is the chosen score, "" for all; `other` the one that it is compared with."""

    wanted: Wanted
    range: TimeRange
    name: str
    other: str
    is_lowest_first: bool


def asked_for(project_id: int, parameters: Mapping[str, str], *, now: datetime) -> Asked:
    """Raises ApiError with the parameter that cannot be understood. Others are left alone."""
    chosen = quick_range(parameters, now=now, default=DEFAULT_RANGE)
    given = {name: parameters.get(name, "") for name in API_PARAMETERS}
    if chosen.since:
        given |= {"since": chosen.since.isoformat(), "until": ""}
    found = wanted_scores(project_id, given)
    return Asked(
        wanted=replace(found, rest=found.rest & _rest(parameters)),
        range=chosen,
        name=short_text(parameters, "name"),
        other=short_text(parameters, "with"),
        is_lowest_first=_one_of(parameters, "sort", SORTS) == LOWEST,
    )


def _rest(parameters: Mapping[str, str]) -> Q:
    """What no index knows."""
    rest = Q()
    if passed := _one_of(parameters, "passed", tuple(PASSED)):
        rest &= Q(is_passed=PASSED[passed])
    if _one_of(parameters, "flagged", FLAGGED):
        rest &= Q(details__has_key=SUSPECTED)
    if model := short_text(parameters, "model"):
        rest &= Q(model=model)
    return rest


def _one_of(parameters: Mapping[str, str], name: str, words: tuple[str, ...]) -> str:
    text = short_text(parameters, name)
    if text and text not in words:
        raise ApiError("invalid", f"expected one of {', '.join(words)}", field=name)
    return text
