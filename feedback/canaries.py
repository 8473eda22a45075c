"""Canaries: answers with a known verdict that the judge is asked each day. If their scores move, the judge has moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from feedback.canary_set import STARTERS
from feedback.models import Canary

MOST_CANARIES = 50  # of a project: each costs calls of the judge every day
MAX_TEXT = 20_000
MAX_PASSAGES = 20


class CannotAdd(Exception):
    """Why a canary cannot be added."""


@dataclass(frozen=True, slots=True)
class NewCanary:
    name: str
    question: str
    answer: str
    is_good: bool
    passages: Sequence[str] = ()
    reference: str = ""
    interaction_id: UUID | None = None


def add(project_id: int, new: NewCanary, *, now: datetime) -> Canary:
    """Store a canary. CannotAdd says why not."""
    if not new.name.strip() or not new.answer.strip() or not new.question.strip():
        raise CannotAdd("A canary needs a name, a question and an answer.")
    if any("\x00" in text for text in (new.name, new.question, new.answer, new.reference, *new.passages)):
        raise CannotAdd("No text may hold a NUL.")
    if Canary.objects.filter(project_id=project_id).count() >= MOST_CANARIES:
        raise CannotAdd(f"A project has at most {MOST_CANARIES} canaries: each is asked every day.")
    try:
        with transaction.atomic():
            return Canary.objects.create(
                project_id=project_id,
                name=new.name.strip()[:120],
                question=new.question[:MAX_TEXT],
                answer=new.answer[:MAX_TEXT],
                passages=[text[:MAX_TEXT] for text in new.passages if text.strip()][:MAX_PASSAGES],
                reference=new.reference[:MAX_TEXT],
                is_good=new.is_good,
                interaction_id=new.interaction_id,
                created_at=now,
            )
    except IntegrityError:
        raise CannotAdd("There is a canary with this name.") from None


def add_starters(project_id: int, *, now: datetime) -> int:
    """Add those of the packaged set that the project has not; how many."""
    known = set(Canary.objects.filter(project_id=project_id).values_list("name", flat=True))
    missing = [NewCanary(**one) for one in STARTERS if one["name"] not in known]
    for one in missing:
        add(project_id, one, now=now)
    return len(missing)


def switch(canary: Canary, *, is_on: bool) -> None:
    Canary.objects.filter(pk=canary.pk).update(is_on=is_on)
