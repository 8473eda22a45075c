"""The only writer of scores. A verdict with a known id replaces the one before; both moments are rolled up anew."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from feedback.models import Score, Source, State
from feedback.models.score import MAX_COMMENT
from interactions.models import Interaction
from observatory.metrics import staleness

SOURCE_NAME = "scores"  # of the metrics; see feedback/metrics/sources.py
COPIED = tuple(
    "trace_id session_id user_id model model_version environment category prompt_name prompt_version confidence".split()
)
ROWS_AT_ONCE = 200


@dataclass(slots=True)
class Verdict:
    """A score to be written; its fields are those of the model. `about` fills in what the interaction says."""

    score_id: str
    source: Source
    name: str
    at: datetime
    interaction_id: UUID | None = None
    trace_id: str | None = None
    span_id: str | None = None
    is_waiting: bool = False
    version: str = ""
    state: State = State.SCORED
    value: float | None = None
    label: str = ""
    is_passed: bool | None = None
    threshold: float | None = None
    author: str = ""
    comment: str = ""
    parts: dict[str, float | None] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    cost_usd: Decimal | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    session_id: str = ""
    user_id: str = ""
    model: str = ""
    model_version: str = ""
    environment: str = ""
    category: str = ""
    prompt_name: str = ""
    prompt_version: str = ""
    confidence: float | None = None

    def about(self, interaction: Interaction) -> "Verdict":
        """Copy from the interaction what the verdict does not say itself; it waits no more.

        Its trace is that of the interaction, whatever it says: who forgets the trace forgets what is said of it.
        """
        self.interaction_id, self.trace_id, self.is_waiting = interaction.interaction_id, interaction.trace_id, False
        for name in COPIED:
            if not getattr(self, name):
                setattr(self, name, getattr(interaction, name))
        return self


COLUMNS = tuple(one.name for one in fields(Verdict))
REPLACED = [name for name in COLUMNS if name != "score_id"] + ["needs_tone", "scored_at"]


def write(project_id: int, verdicts: Iterable[Verdict], *, now: datetime) -> None:
    """Store the verdicts of a project, in a transaction of their own or the caller's. Of two with one id the last counts."""
    by_id = {verdict.score_id: verdict for verdict in verdicts}
    rows = [_row(project_id, verdict, now) for verdict in by_id.values()]
    with transaction.atomic():
        for place in range(0, len(rows), ROWS_AT_ONCE):
            _write(project_id, rows[place : place + ROWS_AT_ONCE], now)


def _write(project_id: int, rows: Sequence[Score], now: datetime) -> None:
    here = Score.objects.for_project(project_id).filter(score_id__in=[row.score_id for row in rows])
    # Held until the commit: another writer of the same scores then sees the moments that this one writes, and marks them.
    before = set(here.select_for_update(no_key=True).order_by("score_id").values_list("at", flat=True))
    Score.objects.bulk_create(rows, update_conflicts=True, unique_fields=["project", "score_id"], update_fields=REPLACED)
    rated = {row.interaction_id for row in rows if row.source == Source.USER and row.interaction_id}
    mark(project_id, before | {row.at for row in rows} | _said_of(project_id, rated), now=now)


def change(project_id: int, rows: Collection[Mapping[str, Any]], values: Mapping[str, Any], *, now: datetime) -> None:
    """Write these values to scores that are there, each given by its `pk` and the `at` that it had."""
    with transaction.atomic():
        Score.objects.for_project(project_id).filter(pk__in=[row["pk"] for row in rows]).update(**values)
        moments = {row["at"] for row in rows} | ({values["at"]} if "at" in values else set())
        bound = {values["interaction_id"]} if values.get("interaction_id") else set()
        mark(project_id, moments | _said_of(project_id, bound), now=now)


def replace(project_id: int, rows: Sequence[Score], fields: Sequence[str], *, now: datetime) -> None:
    """Write these fields of scores that are there, each as its row has it now."""
    with transaction.atomic():
        Score.objects.bulk_update(rows, fields, batch_size=ROWS_AT_ONCE)
        mark(project_id, {row.at for row in rows}, now=now)


def want_tones_anew() -> int:
    """Have the tone of all comments of users told anew, as after a change of the method; return how many."""
    return Score.objects.of(Source.USER).exclude(comment="").update(needs_tone=True)


def delete(project_id: int, chosen: QuerySet[Score], *, now: datetime) -> int:
    """Delete scores of a project, and return how many."""
    with transaction.atomic():
        rows = list(chosen.filter(project=project_id).values_list("pk", "at", "source", "interaction_id"))
        keys = [pk for pk, *_ in rows]
        for place in range(0, len(keys), ROWS_AT_ONCE):
            Score.objects.filter(pk__in=keys[place : place + ROWS_AT_ONCE]).delete()
        rated = {one for _, _, source, one in rows if source == Source.USER and one}
        mark(project_id, {at for _, at, *_ in rows} | _said_of(project_id, rated), now=now)
    return len(rows)


def _said_of(project_id: int, answers: Collection[UUID]) -> set[datetime]:
    """When users spoke of these: an answer counts as rated in the minute of the first, which may be another one now."""
    if not answers:
        return set()
    rows = Score.objects.for_project(project_id).of(Source.USER).filter(interaction_id__in=list(answers))
    return set(rows.values_list("at", flat=True))


def mark(project_id: int, moments: Iterable[datetime], *, now: datetime) -> None:
    """Have the minutes of these scores rolled up anew; in the transaction that changes them."""
    staleness.mark([(project_id, SOURCE_NAME, moment.timestamp()) for moment in moments], now=now)


def _row(project_id: int, verdict: Verdict, now: datetime) -> Score:
    values = {name: getattr(verdict, name) for name in COLUMNS}
    needs_tone = verdict.source == Source.USER and bool(verdict.comment)
    values |= {"comment": verdict.comment[:MAX_COMMENT], "needs_tone": needs_tone}
    return Score(project_id=project_id, scored_at=now, **values)
