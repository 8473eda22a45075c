"""Scores as raw data: kept longer than interactions, then archived and deleted by whole days; erased with their subject."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from feedback import waiting
from feedback.ids import verdict_id
from feedback.models import Score, Source, State
from feedback.scores import SOURCE_NAME, Verdict, write
from interactions.digest.compute import interaction_id_of
from interactions.raw_data.kinds import Kind, columns_of, register_kind

SCORES = "scores"
TIME = "at"
AS_JSON = ("parts", "details")
NAMES = tuple(one.name for one in fields(Verdict))


def register() -> None:
    register_kind(
        Kind(
            name=SCORES,
            source=SOURCE_NAME,
            model=Score,
            time=TIME,
            key=("score_id",),
            columns=columns_of(Score, TIME),
            grows="scored_at",
            days="OBSERVATORY_SCORE_RETENTION_DAYS",
            restore=restore,
        )
    )


def restore(source_id: int, target_id: int, rows: Sequence[dict[str, Any]], now: datetime) -> Counter[str]:
    """Store archived scores in another project. There an assembled interaction has another id; its scores follow it."""
    verdicts = [_verdict(row, source_id, target_id) for row in rows]
    ids = [one.score_id for one in verdicts]
    there = set(Score.objects.for_project(target_id).filter(score_id__in=ids).values_list("score_id", flat=True))
    waiting.attach(target_id, verdicts)
    write(target_id, verdicts, now=now)
    waiting.look_again(target_id, verdicts, now=now)
    return Counter("duplicate" if score_id in there else "stored" for score_id in ids)


def _verdict(row: dict[str, Any], source_id: int, target_id: int) -> Verdict:
    # A file that is older than a column has nothing in it: the verdict's own default stands.
    values = {name: row[name] for name in NAMES if row.get(name) is not None}
    values |= {name: orjson.loads(values[name]) for name in AS_JSON if name in values}
    verdict = Verdict(**values | {"source": Source(row["source"]), "state": State(row["state"])})
    if verdict.interaction_id is None:
        return verdict
    verdict.interaction_id = UUID(str(verdict.interaction_id))
    trace_id = str(verdict.trace_id or "")
    if trace_id and verdict.interaction_id == interaction_id_of(source_id, trace_id):
        verdict.interaction_id = interaction_id_of(target_id, trace_id)
        if verdict.source in waiting.COMPUTED:
            verdict.score_id = verdict_id(verdict.name, verdict.version, verdict.interaction_id)
    return verdict
