"""Scores that follow from stored facts: made in the transaction that stores the fact, and again by `rebuild_scores`.

Of what is said of one answer by one user the latest counts, in whatever order it arrives: told again, nothing changes.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.db import transaction

from feedback import scores, waiting
from feedback.intake import evaluations, ratings
from feedback.models import Score
from feedback.scores import Verdict
from feedback.submit import take_known_ids
from interactions.ingest import said
from interactions.ingest.said import Said

VERDICTS = {evaluations.RESULT: evaluations.verdict_of, ratings.FEEDBACK: ratings.rating_of}


def register() -> None:
    said.register_taker(tuple(VERDICTS), take)


def take(project_id: int, found: Sequence[Said], now: datetime) -> None:
    """Write the scores of what was said, in the transaction of the caller."""
    verdicts = [verdict for one in found if (verdict := VERDICTS[one.name](one, now=now)) is not None]
    waiting.attach(project_id, verdicts, keeps=True)
    take_known_ids(project_id, verdicts)
    latest = _latest(project_id, verdicts)
    scores.write(project_id, latest, now=now)
    waits = [one for one in latest if one.is_waiting]
    if waits:
        # Robust: the facts are stored; what fails here is found by the next digest of the trace, or by `rebuild_scores`.
        transaction.on_commit(partial(waiting.look_again, project_id, waits, now=now), robust=True)


def _latest(project_id: int, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Of each id the last, in the order of their ids; none that is older than what is stored."""
    by_id = {one.score_id: one for one in sorted(verdicts, key=lambda one: one.at)}
    rows = Score.objects.for_project(project_id).filter(score_id__in=list(by_id)).values_list("score_id", "at")
    stored = dict(rows)
    return [one for score_id, one in sorted(by_id.items()) if one.at >= stored.get(score_id, one.at)]
