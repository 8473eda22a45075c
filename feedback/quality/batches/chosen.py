"""Which answers an evaluation looks at, in the order of time, and which of them are left to be judged."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from feedback.ids import verdict_id
from feedback.models import Batch, Score
from feedback.quality.sampling import is_sampled
from interactions.models import Interaction, InteractionQuerySet
from interactions.reading.filters import parse_filters
from interactions.reading.selection import Selection, newer

if TYPE_CHECKING:  # it opens judges, which no page does
    from feedback.quality.batches.in_use import InUse

IDS = "interaction_id"
ROWS_A_LOOK = 200
TOGETHER = "batch"  # the evaluators of one batch judge the same sample, so that their verdicts can be compared
Row = tuple[datetime, int, UUID]


@dataclass
class Group:
    """`asked`: primary keys of interactions by evaluator. `last` is the place after which the next group begins.

    `calls` of the judge that it plans with; `is_cut` when the budget ended it; `is_end` when nothing follows.
    """

    last: tuple[datetime, int] | None = None
    looked_at: int = 0
    sampled_out: int = 0
    already: dict[str, int] = field(default_factory=dict)
    asked: dict[str, list[int]] = field(default_factory=dict)
    answers: int = 0
    calls: int = 0
    is_cut: bool = False
    is_end: bool = False


def rows_of(batch: Batch) -> InteractionQuerySet:
    """All that the batch is about, in no order."""
    if IDS in batch.filters:
        own = Interaction.objects.for_project(batch.project_id).exchanges()
        return own.filter(interaction_id__in=batch.filters[IDS])
    filters = replace(parse_filters(batch.filters), since=batch.since, until=batch.until)
    return Selection(batch.project_id, filters).rows


def rows_after(batch: Batch) -> InteractionQuerySet:
    """Those that follow the last one that was looked at."""
    if batch.after_at is None:
        return rows_of(batch)
    return rows_of(batch).filter(newer((batch.after_at, batch.after_id or 0)), asked_at__gte=batch.after_at)


def next_group(batch: Batch, uses: "Sequence[InUse]", *, most_answers: int, most_calls: int | None) -> Group:
    """Look at the rows that follow, until so many answers are found that some evaluator has not judged."""
    rows: list[Row] = list(rows_after(batch).order_by("asked_at", "id").values_list("asked_at", "id", IDS)[:ROWS_A_LOOK])
    group = Group(is_end=len(rows) < ROWS_A_LOOK)
    sampled = {row[1] for row in rows if _is_drawn(batch, row[2])}
    done = {} if batch.is_again else _judged([row[2] for row in rows if row[1] in sampled], batch.project_id, uses)
    for at, key, interaction_id in rows:
        pending = [use for use in uses if use.name not in done.get(interaction_id, ())] if key in sampled else []
        calls = sum(use.evaluator.calls for use in pending)
        group.is_cut = calls > 0 and most_calls is not None and group.calls + calls > most_calls
        if group.is_cut or group.answers == most_answers:
            group.is_end = False
            break
        _add(group, (at, key), [use.name for use in pending], calls)
        if key not in sampled:
            group.sampled_out += 1
        for name in done.get(interaction_id, ()) if key in sampled else ():
            group.already[name] = group.already.get(name, 0) + 1
    return group


def _add(group: Group, place: tuple[datetime, int], names: Iterable[str], calls: int) -> None:
    group.last, group.looked_at, group.calls = place, group.looked_at + 1, group.calls + calls
    names = list(names)
    group.answers += bool(names)
    for name in names:
        group.asked.setdefault(name, []).append(place[1])


def _is_drawn(batch: Batch, interaction_id: UUID) -> bool:
    if batch.sample_rate >= 1:
        return True
    name = batch.evaluators[0] if batch.trigger == Batch.Trigger.SCHEDULE else TOGETHER
    return is_sampled(interaction_id, name, batch.sample_rate)


def _judged(ids: Sequence[UUID], project_id: int, uses: "Sequence[InUse]") -> Mapping[UUID, set[str]]:
    """For each answer the evaluators whose verdict is there, in their version of today; a failure that waits counts, too."""
    by_id = {verdict_id(use.name, use.version, one): (one, use.name) for one in ids for use in uses}
    there = Score.objects.for_project(project_id).filter(score_id__in=by_id).values_list("score_id", flat=True)
    found: dict[UUID, set[str]] = {}
    for score_id in there if by_id else ():
        interaction_id, name = by_id[score_id]
        found.setdefault(interaction_id, set()).add(name)
    return found
