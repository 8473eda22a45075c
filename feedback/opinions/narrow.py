"""The lists of interactions narrowed by what is said of them: `feedback=low`, `quality=failed`.

Where few are rated, an index of scores answers all that pass. Where many are, a page of them soon turns up among the newest
interactions, each of which is looked at: see `interactions.reading.selection`.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db.models import FloatField, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf
from django.db.models.lookups import LessThan

from feedback.models import Score, Source, State
from interactions.models import InteractionQuerySet
from interactions.reading.opinions import ACCURACY, BAD_RATING, GOOD_RATING, LEXICAL, RATING, Marks, most_telling

LOOKED = 10_000  # ratings that are looked through for all that pass
# A place to look first, no finding. Of held out answers all below it in accuracy were bad, and accuracy tells most: the
# overall, with an AUC of .83 to its .96, stands in where there are no sources, and then says nothing of truth: quality.md.
LOW_ESTIMATE = 0.35
# SQLite tells what was not measured as the word "null".
MEASURED = Cast(NullIf(KeyTextTransform(ACCURACY, "parts"), Value("null")), FloatField())
IS_LOW_ESTIMATE = Q(source=Source.ESTIMATE, name=LEXICAL) & Q(LessThan(Coalesce(MEASURED, "value"), LOW_ESTIMATE))
IS_LOW = Q(is_passed=False) | IS_LOW_ESTIMATE
NOT_RATED = ("feedback", "none")
RATED = Q(source=Source.USER, name=RATING, state=State.SCORED)
CONDITIONS: Mapping[tuple[str, str], Q] = {
    ("feedback", "rated"): RATED,
    ("feedback", "low"): RATED & (Q(value__lte=BAD_RATING) | Q(value=None, parts__thumbs=0)),
    ("feedback", "high"): RATED & (Q(value__gte=GOOD_RATING) | Q(value=None, parts__thumbs=1)),
    ("feedback", "commented"): Q(source=Source.USER) & ~Q(comment=""),
    ("quality", "low"): Q(state=State.SCORED) & IS_LOW,
    ("quality", "failed"): Q(state=State.FAILED),
}


def few(project_id: int, name: str, value: str) -> Collection[UUID] | None:
    own = Score.objects.for_project(project_id).exclude(interaction_id=None)
    if name == "feedback" and value != "none":
        ratings = Score.objects.for_project(project_id).filter(name=RATING)
        if ratings.newest_first().values("pk")[LOOKED : LOOKED + 1]:
            return None
        rows = own.filter(name=RATING).filter(CONDITIONS[name, value])
    elif value == "failed":
        rows = own.filter(CONDITIONS[name, value])
    else:
        return None
    found = rows.values_list("interaction_id", flat=True)[: LOOKED + 1]
    return {one for one in found if one} if len(found) <= LOOKED else None


def having(interactions: InteractionQuerySet, name: str, value: str) -> InteractionQuerySet:
    """A scalar subquery, which no planner turns into a join with all scores: it is asked of each row within the reach."""
    is_none = (name, value) == NOT_RATED
    own = Score.objects.filter(project=OuterRef("project_id"), interaction_id=OuterRef("interaction_id"))
    said = own.filter(RATED if is_none else CONDITIONS[name, value]).order_by().values("id")[:1]
    return interactions.alias(**{f"said_{name}": Subquery(said)}).filter(**{f"said_{name}__isnull": is_none})


def marks(project_id: int, ids: Collection[UUID]) -> dict[UUID, Marks]:
    """What holds for each of these interactions; those of which nothing is said are left out."""
    own = Score.objects.for_project(project_id).filter(interaction_id__in=list(ids))
    rows = own.filter(Q(source=Source.USER) | CONDITIONS["quality", "low"] | CONDITIONS["quality", "failed"])
    columns = ("interaction_id", "source", "name", "state", "value", "is_passed", "parts", "comment")
    found: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    for row in rows.order_by().values(*columns):
        found[row["interaction_id"]] |= _marks(row)
    return {key: frozenset(some) for key, some in found.items()}


def _marks(row: Mapping[str, Any]) -> set[tuple[str, str]]:
    """As CONDITIONS say of a row."""
    found = set()
    if row["state"] == State.FAILED:
        found.add(("quality", "failed"))
    if row["state"] == State.SCORED:
        is_lexical = row["source"] == Source.ESTIMATE and row["name"] == LEXICAL
        telling = most_telling(row["parts"], row["value"]) if is_lexical else None
        is_low_estimate = telling is not None and telling < LOW_ESTIMATE
        found |= {("quality", "low")} if row["is_passed"] is False or is_low_estimate else set()
    if row["source"] == Source.USER:
        found |= {("feedback", "commented")} if row["comment"] else set()
        if row["name"] == RATING and row["state"] == State.SCORED:
            found |= {("feedback", "rated")} | _rated(row["value"], row["parts"].get("thumbs"))
    return found


def _rated(value: float | None, thumb: float | None) -> set[tuple[str, str]]:
    if value is None:
        return set() if thumb is None else {("feedback", "high" if thumb else "low")}
    return {("feedback", "low")} if value <= BAD_RATING else {("feedback", "high")} if value >= GOOD_RATING else set()
