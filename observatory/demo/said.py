"""What clients send of feedback goes the way of everything else: parse, store."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from feedback import scores, submit
from feedback.api.parse import parse_chat, parse_explicit, parse_implicit
from feedback.ids import review_id
from feedback.intake.keep import keep
from feedback.intake.native import parse_score
from feedback.models import ReviewItem, Source
from feedback.scores import Verdict
from interactions.models import Interaction
from observatory.demo.opinions import REVIEWED_SHARE
from observatory.demo.turns import Said

AT_ONCE = 200
DOORS: dict[str, Callable[..., submit.Rating | submit.Signal]] = {
    "chat": parse_chat,
    "explicit": parse_explicit,
    "implicit": parse_implicit,
}
REVIEW, REVIEWED_AFTER = "review", timedelta(hours=20)  # the name of the scores, too


def send_said(project_id: int, said: Iterable[Said], *, now: datetime) -> None:
    """Store feedback, signals, scores of applications and reviews; what is there already is replaced by the same."""
    every = list(said)
    for place in range(0, len(every), AT_ONCE):
        some = every[place : place + AT_ONCE]
        heard = [DOORS[door](body, now=now) for door, body in some if door in DOORS]
        submit.submit(project_id=project_id, said=heard, now=now)
        keep(project_id, [parse_score(body, now=now) for door, body in some if door == "score"], now=now)
        _review(project_id, [body for door, body in some if door == REVIEW], now)


def _review(project_id: int, bodies: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """As the queue of reviews writes a verdict, on the day after the question, as far as that has come."""
    ids = {UUID(body["interaction_id"]) for body in bodies}
    rows = {one.interaction_id: one for one in Interaction.objects.for_project(project_id).filter(interaction_id__in=ids)}
    known = [(body, rows[UUID(body["interaction_id"])]) for body in bodies if UUID(body["interaction_id"]) in rows]
    due = [(body, row) for body, row in known if row.asked_at + REVIEWED_AFTER <= now]
    _draw(project_id, Counter(row for _, row in due))
    scores.write(project_id, [_verdict(body, row) for body, row in due], now=now)


def _draw(project_id: int, reviews: Mapping[Interaction, int]) -> None:
    """The places in the queue from which the reviewers took these answers: a random sample."""
    ReviewItem.objects.bulk_create(
        (
            ReviewItem(
                project_id=project_id,
                interaction_id=row.interaction_id,
                trace_id=row.trace_id,
                reason=ReviewItem.Reason.RANDOM,
                sample_rate=REVIEWED_SHARE,
                wanted=number,
                reviews=number,
                asked_at=row.asked_at,
                drawn_at=row.asked_at,
            )
            for row, number in reviews.items()
        ),
        ignore_conflicts=True,
    )


def _verdict(body: Mapping[str, Any], row: Interaction) -> Verdict:
    return Verdict(
        review_id(row.interaction_id, body["author"]),
        Source.REVIEWER,
        REVIEW,
        (row.asked_at + REVIEWED_AFTER).astimezone(UTC),
        version="rubric 1",
        value=float(body["is_passed"]),
        is_passed=body["is_passed"],
        label=body["category"] or ("pass" if body["is_passed"] else "fail"),
        author=body["author"],
        details={"rubric": 1, "category": body["category"]},
    ).about(row)
