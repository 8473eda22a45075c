"""Scores and the answers of which they speak: bound when both are there, whichever came first, and kept in step.

A score of a session stays with the session: it waits for nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from feedback import scores
from feedback.held import held
from feedback.models import Score, Source
from feedback.same import NEEDED, earlier
from interactions.digest.compute import interaction_id_of
from interactions.models import Interaction

COMPUTED = frozenset({Source.ESTIMATE, Source.JUDGE})
OWN = ("session_id", "user_id", "environment", "model_version")  # a score that was sent may have its own
LABELS = tuple(name for name in scores.COPIED if name not in OWN)  # only the interaction says them
ROW = tuple({*NEEDED, "is_waiting", *LABELS, *OWN})
ROWS_AT_ONCE = 500
Row = dict[str, Any]


def attach(project_id: int, verdicts: Sequence[scores.Verdict], *, holds: bool = False, keeps: bool = False) -> None:
    """Fill in what the stored interactions say. Those whose interaction is not there wait for it: call `look_again` then.

    With `holds` they stay as they are until the transaction of the caller ends, with `keeps` they only stay, and nobody
    but who deletes them has to wait. Otherwise an erasure in between would leave copies of their labels.
    """
    rows = Interaction.objects.for_project(project_id)
    if holds:
        rows = rows.order_by("pk").select_for_update(no_key=True)
    ids = {one.interaction_id for one in verdicts if one.interaction_id}
    traces = {one.trace_id for one in verdicts if one.trace_id and not one.interaction_id}
    of_ids = list(rows.filter(interaction_id__in=ids)) if ids else []
    of_traces = list(rows.filter(trace_id__in=traces)) if traces else []
    if keeps:
        here = held(project_id, {one.interaction_id for one in (*of_ids, *of_traces)})
        of_ids, of_traces = ([one for one in some if one.interaction_id in here] for some in (of_ids, of_traces))
    by_id, first = {one.interaction_id: one for one in of_ids}, first_of_traces(of_traces)
    for verdict in verdicts:
        found = by_id.get(verdict.interaction_id) if verdict.interaction_id else first.get(verdict.trace_id or "")
        if found is not None:
            verdict.about(found)
        else:
            verdict.is_waiting = bool(verdict.interaction_id or verdict.trace_id)


def look_again(project_id: int, verdicts: Iterable[scores.Verdict], *, now: datetime) -> None:
    """After the commit of scores that wait: their interactions may have been stored, and tied, in that very moment."""
    if waits := [one for one in verdicts if one.is_waiting]:
        _tie_to_answers(project_id, waits, now=now)


def tie_waiting(project_id: int, *, now: datetime) -> int:
    """Look once more for the answers of all that waits in a project, and return how many scores were bound."""
    rows = Score.objects.for_project(project_id).waiting().order_by("pk")
    tied, last = 0, 0
    while some := list(rows.filter(pk__gt=last)[:ROWS_AT_ONCE]):
        tied += _tie_to_answers(project_id, some, now=now)
        last = some[-1].pk
    return tied


def _tie_to_answers(project_id: int, waits: Collection[scores.Verdict | Score], *, now: datetime) -> int:
    """The answers are held: neither an erasure nor a digest changes them before their labels are copied."""
    with transaction.atomic():
        return tie(project_id, _answers_of(project_id, waits), now=now)


def _answers_of(project_id: int, waits: Collection[scores.Verdict | Score]) -> list[Interaction]:
    """The interactions for which these wait, with all of their traces: only they tell which is the first."""
    rows = Interaction.objects.for_project(project_id)
    ids = {one.interaction_id for one in waits if one.interaction_id}
    traces = {one.trace_id for one in waits if one.trace_id and not one.interaction_id}
    if ids:
        traces |= set(rows.filter(interaction_id__in=ids).values_list("trace_id", flat=True))
    return list(rows.filter(trace_id__in=traces).order_by("pk").select_for_update(no_key=True)) if traces else []


def tie(project_id: int, interactions: Collection[Interaction], *, now: datetime) -> int:
    """Bind what waits for these interactions, or for their traces, and copy labels that have changed; return how many.

    `interactions`: all of their traces. A score of a trace belongs to the first of them. What was said of an
    interaction that was assembled before a native one came goes over to the latter; its estimates go.
    """
    if not interactions:
        return 0
    answers = Answers(project_id, interactions)
    with transaction.atomic():
        changes: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        gone: list[int] = []
        kept: list[Row] = []
        for row, one in _held_rows(project_id, answers):
            if answers.is_gone(row):
                gone.append(row["pk"])
                continue
            change = _change(row, one)
            kept.append(row | change)
            if change:
                changes[tuple(change.items())].append(row)
        for items, some in changes.items():
            scores.change(project_id, some, dict(items), now=now)
        gone += earlier(project_id, kept)  # they waited, each under the id by which it was sent
        if gone:
            scores.delete(project_id, Score.objects.filter(pk__in=gone), now=now)
    return sum(map(len, changes.values()))


class Answers:
    """Interactions, all of their traces, as scores find them."""

    def __init__(self, project_id: int, interactions: Collection[Interaction]) -> None:
        self.by_id = {one.interaction_id: one for one in interactions}
        self.first = first_of_traces(interactions)
        # By the ids that assembled interactions of these traces had, or have.
        self.replaced = {interaction_id_of(project_id, trace_id): one for trace_id, one in self.first.items()}

    def with_theirs(self, rows: Iterable[Row]) -> list[tuple[Row, Interaction]]:
        """Scores with the interaction of which each speaks; those that speak of none of these are left out."""
        return [(row, one) for row in rows if (one := self._of(row))]

    def _of(self, row: Row) -> Interaction | None:
        key = row["interaction_id"]
        return self.by_id.get(key) or self.replaced.get(key) or (None if key else self.first.get(str(row["trace_id"])))

    def is_gone(self, row: Row) -> bool:
        """An estimate of an interaction that another one has replaced."""
        return row["source"] == Source.ESTIMATE and row["interaction_id"] not in self.by_id


def _held_rows(project_id: int, answers: Answers) -> list[tuple[Row, Interaction]]:
    """The scores of all answers of which one must be written anew. Nothing is locked to find that none must.

    They are as they are now, until the commit: each may have been said again since it was found, and what is said again
    meanwhile waits. In the order in which all who write scores lock them.
    """
    found = answers.with_theirs(_rows_of(project_id, answers))
    stale = {one.pk for row, one in found if answers.is_gone(row) or _change(row, one)}
    keys = [row["pk"] for row, one in found if one.pk in stale]
    if not keys:
        return []
    rows = Score.objects.for_project(project_id).filter(pk__in=keys).order_by("score_id")
    return answers.with_theirs(rows.select_for_update(no_key=True).values(*ROW))


def first_of_traces(interactions: Iterable[Interaction]) -> dict[str, Interaction]:
    """The interaction of which a score of a trace speaks: the first that was asked."""
    ordered = sorted(interactions, key=lambda one: (one.asked_at, one.pk), reverse=True)
    return {str(one.trace_id): one for one in ordered}


def _rows_of(project_id: int, answers: Answers) -> list[Row]:
    """What is bound to these interactions or waits for them, and what waits for their traces; each by its own index."""
    here = Score.objects.for_project(project_id)
    bound = here.filter(interaction_id__in=list(answers.by_id.keys() | answers.replaced.keys())).values(*ROW)
    return [*bound, *here.waiting().filter(interaction_id=None, trace_id__in=list(answers.first)).values(*ROW)]


def _change(row: Row, one: Interaction) -> Row:
    """What must be written anew of a score. Who sent it may have named a session and a user; else the interaction does."""
    is_computed = row["source"] in COMPUTED
    wanted: Row = {"interaction_id": one.interaction_id, "is_waiting": False}
    wanted |= {name: getattr(one, name) for name in LABELS}
    wanted |= {name: getattr(one, name) if is_computed else row[name] or getattr(one, name) for name in OWN}
    if is_computed:
        wanted["at"] = one.asked_at
    return {name: value for name, value in wanted.items() if row[name] != value}
