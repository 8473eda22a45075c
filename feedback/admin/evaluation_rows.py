"""What the pages say of an evaluation: its progress, what came of it, and the verdicts themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from feedback.admin.evaluation_links import to_batch
from feedback.models import Batch, Score, State
from feedback.quality.batches.chosen import IDS
from feedback.quality.batches.status import AT_WORK, OPEN
from feedback.quality.batches.tally import Outcome, Tally
from feedback.quality.catalogue import evaluator
from interactions.admin.interaction_list import FILTER_LABELS
from interactions.admin.links import to_interaction
from interactions.models import Interaction
from observatory.projects.models import Project

MARKS = {"waiting": "fair", "running": "fair", "paused": "warn", "done": "good", "stopped": "bad"}
STATES = {"scored": State.SCORED, "not-scorable": State.NOT_SCORABLE, "failed": State.FAILED}
VERDICTS_SHOWN, VERDICTS_LOOKED_AT = 20, 2_000


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    name: str
    title: str
    outcome: Outcome
    is_at_work: bool

    @property
    def interval(self) -> str:
        """Of the pass rate, in per cent."""
        found = self.outcome.interval
        return f"{100 * found[0]:.0f} to {100 * found[1]:.0f} %" if found else ""

    @property
    def pass_percent(self) -> str:
        rate = self.outcome.pass_rate
        return "" if rate is None else f"{100 * rate:.1f} %"

    @property
    def mean(self) -> str:
        return "" if self.outcome.mean is None else f"{self.outcome.mean:.2f}"


def row_of(batch: Batch, *, may_change: bool) -> dict[str, Any]:
    tally = Tally.of_json(batch.counts)
    is_at_work = batch.status in AT_WORK
    return {
        "batch": batch,
        "tally": tally,
        "mark": MARKS[batch.status],
        "titles": [title_of(name) for name in batch.evaluators],
        "what": what_of(batch),
        "is_at_work": is_at_work,
        "percent": min(100, round(100 * batch.looked_at / batch.total)) if batch.total else None,
        "scored": sum(one.scored for one in tally.outcomes.values()),
        "not_scorable": sum(one.not_scorable for one in tally.outcomes.values()),
        "failed": tally.failed,
        "already": sum(one.already for one in tally.outcomes.values()),
        "sample_percent": f"{100 * batch.sample_rate:g}",
        "url": to_batch(batch),
        "may_pause": may_change and is_at_work,
        "may_resume": may_change and (batch.status == Batch.Status.PAUSED or (batch.wait_until is not None and is_at_work)),
        "may_stop": may_change and batch.status in OPEN,
    }


def outcome_rows(batch: Batch) -> list[OutcomeRow]:
    tally, is_at_work = Tally.of_json(batch.counts), batch.status in AT_WORK
    return [OutcomeRow(name, title_of(name), tally.of(name), is_at_work) for name in batch.evaluators]


def title_of(name: str) -> str:
    try:
        return evaluator(name).title
    except KeyError:
        return name


def what_of(batch: Batch) -> list[tuple[str, str]]:
    """What was chosen, as label and value; nothing means all."""
    if IDS in batch.filters:
        number = len(batch.filters[IDS])
        return [("interactions" if number > 1 else "interaction", str(number) if number > 1 else batch.filters[IDS][0])]
    return [(FILTER_LABELS.get(name, name), value) for name, value in batch.filters.items()]


def verdicts_of(batch: Batch, name: str, state: str) -> list[dict[str, Any]]:
    """Some verdicts of one evaluator in this batch, the newest answers first; looked for among so many."""
    rows = Score.objects.for_project(batch.project_id).filter(name=name)
    if IDS in batch.filters:
        rows = rows.filter(interaction_id__in=batch.filters[IDS])
    else:
        period = Q(at__lt=batch.until) if batch.until else Q()
        rows = rows.filter(period & Q(at__gte=batch.since) if batch.since else period)
    if state == "failed":
        rows = rows.filter(state=State.FAILED)
    looked_at = rows.newest_first()[:VERDICTS_LOOKED_AT].values("pk")
    own = Score.objects.filter(pk__in=looked_at, details__batch=batch.pk)
    own = own.filter(state=STATES[state]) if state in STATES else own
    return verdict_rows(batch.project, list(own.newest_first().defer("parts", "details")[:VERDICTS_SHOWN]))


def verdict_rows(project: Project, scores: Sequence[Score]) -> list[dict[str, Any]]:
    """Scores with the answers that they are about, in two reads."""
    ids = {one.interaction_id for one in scores}
    found = Interaction.objects.for_project(project).filter(interaction_id__in=ids)
    fields = ("interaction_id", "pk", "query_preview", "asked_at")
    answers = {row["interaction_id"]: row for row in found.values(*fields)}
    rows = []
    for one in scores:
        answer = answers.get(one.interaction_id)
        url = to_interaction(project, answer["pk"]) if answer else ""
        rows.append({"score": one, "title": title_of(one.name), "answer": answer, "url": url})
    return rows
