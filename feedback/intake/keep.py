"""Storing scores that were sent. An id sent again replaces what was sent before; it never touches a score of our own."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from feedback import scores, waiting
from feedback.models import Score, Source
from feedback.scores import Verdict


def keep(project_id: int, sent: Sequence[Verdict], *, now: datetime) -> set[str]:
    """Store them, and return the ids that are not theirs to write: those of what users, reviewers and evaluators said."""
    ids = {one.score_id for one in sent}
    here = Score.objects.for_project(project_id).filter(score_id__in=ids).exclude(source=Source.APPLICATION)
    foreign = set(here.values_list("score_id", flat=True))
    # In the order of their ids, so that two requests lock rows one after the other; of two with one id the last stays last.
    ours = sorted((one for one in sent if one.score_id not in foreign), key=lambda one: one.score_id)
    with transaction.atomic():
        waiting.attach(project_id, ours, holds=True)
        scores.write(project_id, ours, now=now)
    waiting.look_again(project_id, ours, now=now)
    return foreign
