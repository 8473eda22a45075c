"""What is said of many interactions, written as the writer leaves it: an estimate each; some are rated, judged, reviewed."""

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.many_interactions import DAYS, ROWS_A_TRANSACTION
from feedback.ids import id_of
from feedback.models import Score, Source, State
from feedback.scores import SOURCE_NAME
from interactions.models import Interaction
from interactions.models.fields import pack_id
from observatory.core import bulk
from observatory.metrics import staleness
from observatory.metrics.rollup.run import roll_up
from observatory.projects.models import Project

RATED, JUDGED, REVIEWED, FAILED = 0.05, 0.02, 0.002, 0.0002  # shares of the interactions
PARTS = (
    '{"accuracy": 0.61, "groundedness": 0.7, "completeness": 0.52, "relevance": 0.8, "consistency": 1.0, '
    '"refusal": 1.0, "repetition": 0.97, "citations": null, "language": 1.0}'
)
KNOWN = "interaction_id trace_id asked_at session_id user_id model confidence".split()


def say(project: Project) -> None:
    """Store what is said of all interactions of the project, and roll it up."""
    start = time.monotonic()
    columns = [field.column for field in Score._meta.concrete_fields if not field.primary_key]
    rows, number = _rows(project.pk, columns), 0
    while chunk := [row for row, _ in zip(rows, range(ROWS_A_TRANSACTION), strict=False)]:
        with transaction.atomic():
            bulk.insert(Score, columns, chunk)
        number += len(chunk)
    print(f"{number:,} scores written in {time.monotonic() - start:.0f} s", flush=True)
    now = timezone.now()
    first = int((now - timedelta(days=DAYS)).timestamp())
    staleness.mark([(project.pk, SOURCE_NAME, at) for at in range(first, int(now.timestamp()) + 60, 60)], now=now)
    start = time.monotonic()
    print(f"{roll_up(now=now):,} buckets of scores recomputed in {time.monotonic() - start:.0f} s", flush=True)


def _rows(project_id: int, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    draw = random.Random(2)
    empty = _empty(columns)
    asked = Interaction.objects.for_project(project_id).exchanges().values_list(*KNOWN)
    # All of them first: on SQLite a reading that goes on while rows are written would keep its log from shrinking.
    for interaction_id, trace_id, asked_at, session_id, user_id, model, confidence in list(asked):
        copied = empty | {
            "project_id": project_id,
            "interaction_id": str(interaction_id) if connection.vendor == "postgresql" else interaction_id.hex,
            "trace_id": pack_id(trace_id, 16),
            "session_id": session_id,
            "user_id": user_id,
            "model": model,
            "confidence": confidence,
        }
        for said in _said(draw):
            score_id = id_of(said["name"], interaction_id)
            moments = dict.fromkeys(("at", "scored_at"), _moment(asked_at))
            yield tuple((copied | said | moments | {"score_id": score_id})[name] for name in columns)


def _empty(columns: list[str]) -> dict[str, Any]:
    fields = {field.column: field for field in Score._meta.concrete_fields}
    found = {name: None if fields[name].null else fields[name].get_default() for name in columns}
    return found | {"parts": "{}", "details": "{}", "state": int(State.SCORED)}


def _said(draw: random.Random) -> Iterator[dict[str, Any]]:
    value = round(draw.betavariate(5, 2), 3)
    yield {"source": int(Source.ESTIMATE), "name": "estimate", "version": "lexical 1", "value": value, "parts": PARTS}
    if draw.random() < RATED:
        yield {"source": int(Source.USER), "name": "rating", "value": float(draw.choice((1, 2, 3, 4, 4, 4, 5, 5, 5, 5)))}
    judge = {"source": int(Source.JUDGE), "name": "deepeval.faithfulness", "version": "4.3.1 judge", "threshold": 0.8}
    if draw.random() < JUDGED:
        yield judge | {"value": value, "is_passed": value >= 0.8, "comment": "Two of three claims are borne out."}
    elif draw.random() < FAILED:
        yield judge | {"state": int(State.FAILED), "comment": "The judge did not answer.", "attempts": 5}
    if draw.random() < REVIEWED:
        passed = draw.random() < value
        yield {
            "source": int(Source.REVIEWER),
            "name": "review",
            "value": float(passed),
            "is_passed": passed,
            "author": "ann",
        }


def _moment(at: datetime) -> str:
    return bulk.database_time(int(at.timestamp() * 1_000_000))
