"""What the training buffer is, said once: the export writes it, the gauges measure it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Avg, Count, OuterRef, Q, Subquery

from feedback.models import Score, ScoreQuerySet, Source, State
from feedback.review.queue import REVIEW
from feedback.submit import RATING
from interactions.models import Interaction, InteractionQuerySet

# Verdicts of people: a user's rating (stars or a thumb), a reviewer's review. Of a session they are, too, which has no
# interaction: to leave these out here would have SQLite read all scores of interactions, by the index of these.
VERDICT = Q(state=State.SCORED, is_waiting=False) & (
    Q(source=Source.USER, name=RATING) & (Q(value__isnull=False) | Q(parts__has_key="thumbs"))
    | Q(source=Source.REVIEWER, name=REVIEW) & (Q(value__isnull=False) | Q(is_passed__isnull=False))
)
OF_ANSWER = Q(interaction_id__isnull=False)
HAS_TEXTS = ~Q(query_preview="") & ~Q(answer_preview="")
LOWEST, HIGHEST = 1, 5
FEW = 10_000  # verdicts
Place = tuple[datetime, int]  # of an exchange: its time and primary key


@dataclass(frozen=True, slots=True)
class Buffer:
    """`size` exchanges. `quality` is the mean rating of users on a scale from 0 to 1, of `rated` ratings; None of none."""

    size: int
    rated: int
    quality: float | None


def training_buffer(project_id: int, *, among: Collection[UUID] | None = None) -> InteractionQuerySet:
    """The exchanges with a question, an answer, and the verdict of a person; `among` answers that have such a verdict."""
    ids = verdicts(project_id).values("interaction_id") if among is None else among
    return _exchanges(project_id).filter(interaction_id__in=ids)


def verdicts(project_id: int) -> ScoreQuerySet:
    # The names said once more, for the index of a score's name: SQLite does not see that two sources are those of people.
    return Score.objects.for_project(project_id).filter(VERDICT, name__in=(RATING, REVIEW))


def measure(project_id: int) -> Buffer:
    """Two statements, which read what people said, not all interactions."""
    ratings = verdicts(project_id).of(Source.USER).exclude(value=None)
    found = ratings.aggregate(mean=Avg("value", filter=OF_ANSWER), rated=Count("id", filter=OF_ANSWER))
    quality = None if found["mean"] is None else share_of(found["mean"])
    return Buffer(training_buffer(project_id).count(), found["rated"], quality)


def share_of(rating: float) -> float:
    """A mean rating on a scale from 0 to 1."""
    return (rating - LOWEST) / (HIGHEST - LOWEST)


def few_judged(project_id: int) -> Collection[UUID] | None:
    """The answers with the verdict of a person, where they are few: then nothing else need be looked at. Else None."""
    found = verdicts(project_id).order_by().values_list("interaction_id", flat=True)[: FEW + 1]
    return {one for one in found if one} if len(found) <= FEW else None


def next_exchanges(
    project_id: int,
    *,
    since: datetime | None,
    until: datetime | None,
    behind: Place | None,
    limit: int,
    among: Collection[UUID] | None = None,
) -> Sequence[Interaction]:
    """The next of the buffer by time, behind a place: as `training_buffer`, asked of each interaction in turn.

    A scalar subquery is not made into a join: a page costs what lies on its way, however large the table is. Where few
    are judged nearly all lie on the way: `among` are these few.
    """
    own = Score.objects.filter(VERDICT, project_id=project_id, interaction_id=OuterRef("interaction_id"))
    rows = _exchanges(project_id).alias(verdict=Subquery(own.order_by().values("id")[:1])).filter(verdict__isnull=False)
    if among is not None:
        rows = rows.filter(interaction_id__in=among)
    if since:
        rows = rows.filter(asked_at__gte=since)
    if until:
        rows = rows.filter(asked_at__lt=until)
    if behind:
        at, key = behind
        rows = rows.filter(Q(asked_at__gt=at) | Q(asked_at=at, id__gt=key), asked_at__gte=at)
    return list(rows.order_by("asked_at", "id")[:limit])


def _exchanges(project_id: int) -> InteractionQuerySet:
    return Interaction.objects.for_project(project_id).exchanges().filter(HAS_TEXTS)
