"""What people say of answers, and what they do with them silently, becomes scores: one of each sort an answer and user."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Coalesce

from feedback import ids, scores, waiting
from feedback.models import Score, Source
from feedback.same import NEEDED, SIGNAL, key_of
from feedback.scores import Verdict

RATING = "rating"
SIGNALS: Mapping[str, bool] = {"click": True, "share": True, "accept": True, "skip": False, "requery": False}  # whether good
SESSION = "session"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Of what it is said: an interaction by its id, or a trace, or else a session; and by whom, if anybody says it.

    `at` is when it was said. `details` is kept as it is.
    """

    at: datetime
    interaction_id: UUID | None = None
    trace_id: str = ""
    session_id: str = ""
    user_id: str = ""
    model_version: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> str:
        """The id as hex: a native interaction without a trace of its own is addressed alike by both of its ids."""
        if self.interaction_id:
            return self.interaction_id.hex
        return self.trace_id or f"{SESSION}:{self.session_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating(About):
    """What a person says: stars from 1 to 5, a thumb up or down, words, a category; any of them."""

    value: float | None = None
    is_thumb_up: bool | None = None
    comment: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(About):
    """What a person did: `kind` is a name of SIGNALS. With `client_id` each id counts once, else each kind once."""

    kind: str
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """`is_waiting`: its answer has not come yet; it is tied to it when it comes."""

    feedback_id: str
    is_waiting: bool


def submit(*, project_id: int, said: Sequence[Rating | Signal], now: datetime) -> list[Submitted]:
    """Store what was said and return what became of each, in their order.

    Said again of the same answer by the same user, it replaces what was said before, as a whole, under the same id. Who
    names no user is the interaction's.
    """
    verdicts = [verdict_of(one) for one in said]
    with transaction.atomic():
        waiting.attach(project_id, verdicts, holds=True)
        take_known_ids(project_id, verdicts)
        # In the order of their ids: two requests that say the same take the locks of rows one after the other.
        scores.write(project_id, sorted(verdicts, key=lambda one: one.score_id), now=now)
    waiting.look_again(project_id, verdicts, now=now)
    return [Submitted(one.score_id, one.is_waiting) for one in verdicts]


def verdict_of(one: Rating | Signal) -> Verdict:
    """What was said as a score, before its answer is looked for."""
    verdict = _signal(one) if isinstance(one, Signal) else _rating(one)
    verdict.interaction_id, verdict.trace_id = one.interaction_id, one.trace_id or None
    verdict.session_id, verdict.user_id = one.session_id, one.user_id
    verdict.model_version, verdict.details = one.model_version, dict(one.details)
    return verdict


def _rating(one: Rating) -> Verdict:
    return Verdict(
        ids.feedback_id(one.target, one.user_id),
        Source.USER,
        RATING,
        one.at,
        value=None if one.value is None else float(one.value),
        parts={} if one.is_thumb_up is None else {"thumbs": float(one.is_thumb_up)},
        comment=one.comment,
        label=one.category,
    )


def _signal(one: Signal) -> Verdict:
    sent_id = ids.id_of("signal", one.kind, "sent", one.client_id)
    return Verdict(
        sent_id if one.client_id else ids.signal_id(one.kind, one.target, one.user_id),
        Source.SIGNAL,
        f"{SIGNAL}{one.kind}",
        one.at,
        value=float(SIGNALS[one.kind]),
    )


def take_known_ids(project_id: int, verdicts: Iterable[Verdict]) -> None:
    """What is said again is the same, whether its answer was addressed by id or by trace, and its user named or not."""
    keys = [(one, key_of(project_id, _as_row(one))) for one in verdicts if not one.is_waiting]
    tied = [(one, key) for one, key in keys if key]
    if not tied:
        return
    of_answers = Score.objects.for_project(project_id).filter(interaction_id__in={key[0] for _, key in tied})
    # As no index has them: by the plain columns SQLite would go through all ratings, or all scores of a user.
    named = of_answers.annotate(named=Coalesce("name", "name"), by=Coalesce("user_id", "user_id"))
    of_users = named.filter(source__in=(Source.USER, Source.SIGNAL), named__in={key[2] for _, key in tied})
    rows = of_users.filter(by__in={key[1] for _, key in tied}, is_waiting=False).order_by("-id").values(*NEEDED)
    known = {key_of(project_id, row): row["score_id"] for row in rows}
    for one, key in tied:
        one.score_id = known.setdefault(key, one.score_id)


def _as_row(one: Verdict) -> dict[str, Any]:
    return {name: getattr(one, name) for name in NEEDED if name != "pk"}
