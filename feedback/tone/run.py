"""Tells the tone of the comments that wait for it. It follows from the text alone, so a rerun changes nothing."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from feedback import scores
from feedback.models import Score
from feedback.tone.read import UNKNOWN, Tone, tone_of

ROWS_AT_ONCE = 200
logger = logging.getLogger(__name__)


def tell_tones(*, now: datetime, most: int = 5_000) -> int:
    """Tell the tone of so many comments at most, the oldest first, and return how many."""
    done = 0
    while done < most and (rows := list(_waiting().values_list("pk", "comment")[: min(ROWS_AT_ONCE, most - done)])):
        _write({pk: (comment, _tone(comment)) for pk, comment in rows}, now)
        done += len(rows)
    return done


def _waiting() -> QuerySet[Score]:
    return Score.objects.filter(needs_tone=True).order_by("id")


def _tone(comment: str) -> Tone:
    try:
        return tone_of(comment)
    except Exception as error:
        logger.exception("The tone of a comment cannot be told.")
        return Tone(UNKNOWN, reason=f"the method failed: {type(error).__name__}")


def _write(told: Mapping[int, tuple[str, Tone]], now: datetime) -> None:
    """A comment that was replaced since it was read keeps its mark: the next look tells the new one."""
    with transaction.atomic():
        held = Score.objects.filter(pk__in=told, needs_tone=True).order_by("pk").select_for_update(no_key=True)
        changes: dict[int, list[Score]] = defaultdict(list)
        for row in held.only("pk", "project_id", "at", "comment", "parts", "details"):
            comment, tone = told[row.pk]
            if row.comment != comment:
                continue
            row.parts = {**row.parts, "tone": tone.value}
            row.details = {**row.details, "tone": tone.as_dict()}
            row.needs_tone = False
            changes[row.project_id].append(row)
        for project_id, rows in changes.items():
            scores.replace(project_id, rows, ["parts", "details", "needs_tone"], now=now)
