"""Drawing answers for review: a random sample, the most unsure ones, and those on which judge and user disagree.

Each stretch of time is drawn from once, so that the share of the random sample is known: what it says holds for all answers.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import nsmallest
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from feedback.held import held
from feedback.models import ReviewItem, Rubric
from feedback.review.contradictions import contradicted
from feedback.review.doorbell import ring
from feedback.review.places import place_of
from feedback.review.rubrics import stored_rubric
from interactions.confidence import LOW_CONFIDENCE
from interactions.models import Interaction, InteractionQuerySet
from observatory.projects.models import Project

LOOK_BACK = timedelta(days=7)
SETTLED = timedelta(minutes=2)  # what was asked later may not have come whole
# Open items of each reason; a queue that nobody works on does not grow beyond.
MOST_OPEN = {
    ReviewItem.Reason.RANDOM: 200,
    ReviewItem.Reason.LOW_CONFIDENCE: 100,
    ReviewItem.Reason.DISAGREEMENT: 100,
}
ROWS_A_FETCH = 2_000
AT_ONCE = 5_000  # answers that a page draws from; a week may hold any number
Reason = ReviewItem.Reason


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many answers came to the queue by each reason."""

    random: int = 0
    unsure: int = 0
    disagree: int = 0

    @property
    def all(self) -> int:
        return self.random + self.unsure + self.disagree


def draw_everywhere(*, now: datetime) -> None:
    for project_id in Project.objects.values_list("id", flat=True):
        draw(project_id, now=now)


def draw_soon(project_id: int, *, now: datetime) -> Drawn | None:
    """Draw at once where it is soon done, as for a page; else have the worker do it, and return None."""
    since, until = _stretch(stored_rubric(project_id, now=now), now)
    is_much = _answered(project_id).filter(asked_at__gte=since, asked_at__lt=until).values("pk")[AT_ONCE : AT_ONCE + 1]
    if settings.CELERY_BROKER_URL and is_much:
        ring()
        return None
    return draw(project_id, now=now)


def _stretch(rubric: Rubric, now: datetime) -> tuple[datetime, datetime]:
    """Of which nothing was drawn yet."""
    return max(rubric.drawn_until or now - LOOK_BACK, now - LOOK_BACK), now - SETTLED


def draw(project_id: int, *, now: datetime) -> Drawn:
    """Draw from the answers since the last time, at most LOOK_BACK; nothing if another process draws from the same ones."""
    rubric = stored_rubric(project_id, now=now)
    since, until = _stretch(rubric, now)
    if since >= until:
        return Drawn()
    answered = _answered(project_id).filter(asked_at__gte=since, asked_at__lt=until)
    # All that takes long is read before the transaction, for in SQLite that keeps every other writer waiting.
    sample, rate = _sample(project_id, answered, rubric.sample_rate)
    unsure, disputed = _unsure(project_id, answered), _disputed(project_id, since=now - LOOK_BACK)
    with transaction.atomic():
        here = Rubric.objects.filter(pk=rubric.pk, drawn_until=rubric.drawn_until)
        if not here.update(drawn_until=until):
            return Drawn()
        _note_sampled(project_id, sample, rate)
        return Drawn(
            _add(rubric, sample, Reason.RANDOM, now, rate=rate),
            _add(rubric, unsure, Reason.LOW_CONFIDENCE, now),
            _add(rubric, disputed, Reason.DISAGREEMENT, now),
        )


def choose(project_id: int, interaction: Interaction, *, now: datetime) -> ReviewItem | None:
    """Put an answer into the queue because a person wants it there; as it is, if it is there already. None: it is gone."""
    rubric = stored_rubric(project_id, now=now)
    with transaction.atomic():
        _add(rubric, [interaction], Reason.CHOSEN, now)
    return ReviewItem.objects.filter(project_id=project_id, interaction_id=interaction.interaction_id).first()


def _answered(project_id: int) -> InteractionQuerySet:
    """Answers that one can judge, with the columns that an item needs."""
    rows = Interaction.objects.for_project(project_id).exchanges().exclude(answer_preview="")
    return rows.only("interaction_id", "trace_id", "asked_at", "confidence")


def _sample(project_id: int, answered: InteractionQuerySet, rate: float) -> tuple[list[Interaction], float]:
    """The random sample and its share: `rate`, or what there is room for."""
    room = _room(project_id, Reason.RANDOM)
    ids = answered.order_by().values_list("interaction_id", "pk").iterator(ROWS_A_FETCH)
    placed = ((place_of(interaction_id, "review"), pk) for interaction_id, pk in ids)
    below = nsmallest(room + 1, (one for one in placed if one[0] < rate))  # whatever comes, no more is kept
    if len(below) > room:
        rate = below.pop()[0]
    found = _answered(project_id).in_bulk([pk for _, pk in below])
    return [found[pk] for _, pk in below if pk in found], rate


def _unsure(project_id: int, answered: InteractionQuerySet) -> list[Interaction]:
    rows = answered.filter(confidence__lt=LOW_CONFIDENCE).order_by("confidence", "id")
    return list(rows[: _room(project_id, Reason.LOW_CONFIDENCE)])


def _disputed(project_id: int, *, since: datetime) -> list[Interaction]:
    """The newest of those that are not in the queue yet: what was reviewed takes no room of what was not."""
    ids = contradicted(project_id, since=since)
    known = ReviewItem.objects.filter(project_id=project_id, interaction_id__in=ids)
    new = set(ids) - set(known.values_list("interaction_id", flat=True))
    # Sorted here: asked for in order, SQLite goes through all interactions of the project.
    rows = sorted(_answered(project_id).filter(interaction_id__in=new), key=lambda one: (one.asked_at, one.pk), reverse=True)
    return rows[: _room(project_id, Reason.DISAGREEMENT)]


def _room(project_id: int, reason: Reason) -> int:
    return max(0, MOST_OPEN[reason] - open_items(project_id).filter(reason=reason).count())


def open_items(project_id: int) -> QuerySet[ReviewItem]:
    """What waits for a reviewer."""
    return ReviewItem.objects.filter(project_id=project_id, reviews__lt=F("wanted"))


def _note_sampled(project_id: int, sample: Iterable[Interaction], rate: float) -> None:
    """Answers that were in the queue for another reason belong to the sample all the same."""
    ids = [one.interaction_id for one in sample]
    known = ReviewItem.objects.filter(project_id=project_id, interaction_id__in=ids, sample_rate=None)
    known.update(sample_rate=rate)


def _add(
    rubric: Rubric, chosen: Collection[Interaction], reason: Reason, now: datetime, *, rate: float | None = None
) -> int:
    """Within a transaction. What was erased since it was drawn stays away, and what is there already stays as it is."""
    here = held(rubric.project_id, [one.interaction_id for one in chosen])
    items = ReviewItem.objects.filter(project_id=rubric.project_id, interaction_id__in=here)
    known: set[UUID] = set(items.values_list("interaction_id", flat=True))
    new = [_item(rubric, one, reason, now, rate) for one in chosen if one.interaction_id in here - known]
    ReviewItem.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def _item(rubric: Rubric, one: Interaction, reason: Reason, now: datetime, rate: float | None) -> ReviewItem:
    is_for_two = place_of(one.interaction_id, "second") < rubric.second_share
    values: dict[str, Any] = {"interaction_id": one.interaction_id, "trace_id": one.trace_id, "asked_at": one.asked_at}
    return ReviewItem(
        project_id=rubric.project_id,
        reason=reason,
        sample_rate=rate,
        wanted=2 if is_for_two else 1,
        drawn_at=now,
        **values,
    )
