"""What somebody wants evaluated, checked: which evaluators, which answers, within which budget."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from feedback.models import Batch, Judge
from feedback.quality.batches.chosen import IDS
from feedback.quality.catalogue import evaluators_of
from feedback.quality.deepeval.installed import is_installed
from feedback.quality.embedding.installed import why_missing as why_no_model
from feedback.quality.embedding.named import NAME as EMBEDDING
from feedback.quality.evaluator import Evaluator
from interactions.models import Interaction
from interactions.reading.filters import API_PARAMETERS, parse_filters
from observatory.core.errors import ApiError

MOST_EVALUATORS, MOST_IDS = 20, 500
MOST_CALLS, MOST_USD = 1_000_000_000, Decimal(100_000)
DEEPEVAL = "deepeval."
NO_JUDGE = "{title} needs a judge, and none is connected: an owner connects one under Configure, Judge."
NO_DEEPEVAL = "DeepEval is not installed here. It stands in requirements.txt: install that again, and restart."
NO_PRICE = "A budget in USD needs the judge's prices, which nobody has entered. Give a budget of calls instead."


class CannotEvaluate(Exception):
    """Why an evaluation cannot be asked for; `field` is the part of the wish that is wrong."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wish:
    """`filters` are those of the list of interactions, without its time; `ids` choose interactions instead."""

    project_id: int
    evaluators: Sequence[str]
    filters: Mapping[str, str] = field(default_factory=dict)
    ids: Sequence[UUID] = ()
    since: datetime | None = None
    until: datetime | None = None
    sample_rate: float = 1.0
    is_again: bool = False
    most_calls: int | None = None
    most_usd: Decimal | None = None

    def as_batch(self, *, trigger: Batch.Trigger, by: str, now: datetime) -> Batch:
        """Not saved. Without an end it ends now: an evaluation is of what there is."""
        given = {name: value for name, value in self.filters.items() if value and name not in ("since", "until")}
        return Batch(
            project_id=self.project_id,
            evaluators=list(dict.fromkeys(self.evaluators)),
            trigger=trigger,
            filters={IDS: [str(one) for one in self.ids]} if self.ids else given,
            since=self.since,
            until=None if self.ids else self.until or now,
            sample_rate=1.0 if self.ids else self.sample_rate,
            is_again=self.is_again,
            most_calls=self.most_calls,
            most_usd=self.most_usd,
            requested_by=by[:160],
            requested_at=now,
        )


def ask(wish: Wish, *, trigger: Batch.Trigger, by: str, now: datetime) -> Batch:
    """Store the wish and wake the worker. CannotEvaluate says what stands against it."""
    check(wish)
    from feedback.quality.batches.doorbell import ring

    batch = wish.as_batch(trigger=trigger, by=by, now=now)
    batch.save(force_insert=True)
    transaction.on_commit(ring, robust=True)
    return batch


def check(wish: Wish) -> list[Evaluator]:
    """The evaluators of a wish that can be carried out; else CannotEvaluate."""
    chosen = _evaluators(wish)
    _answers(wish)
    _limits(wish, chosen)
    return chosen


def _evaluators(wish: Wish) -> list[Evaluator]:
    if not wish.evaluators or len(wish.evaluators) > MOST_EVALUATORS:
        raise CannotEvaluate(f"Choose 1 to {MOST_EVALUATORS} evaluators.", "evaluators")
    known = {one.name: one for one in evaluators_of(wish.project_id)}
    unknown = next((name for name in wish.evaluators if name not in known), None)
    if unknown is not None:
        raise CannotEvaluate(f"There is no evaluator {unknown[:80]!r}; there are {', '.join(known)}.", "evaluators")
    chosen = [known[name] for name in dict.fromkeys(wish.evaluators)]
    for one in chosen:
        if reason := why_not_ready(wish.project_id, one):
            raise CannotEvaluate(reason, "evaluators")
    return chosen


def why_not_ready(project_id: int, one: Evaluator, *, has_judge: bool | None = None) -> str:
    """What has to be done before the evaluator can run; empty if nothing. `has_judge`: whether one is there, if known."""
    if one.name.startswith(DEEPEVAL) and not is_installed():
        return NO_DEEPEVAL
    if one.name == EMBEDDING and (reason := why_no_model()):
        return reason
    if one.has_judge and not (Judge.objects.filter(project_id=project_id).exists() if has_judge is None else has_judge):
        return NO_JUDGE.format(title=one.title)
    return ""


def _answers(wish: Wish) -> None:
    if wish.since and wish.until and wish.since >= wish.until:
        raise CannotEvaluate("The period must begin before it ends.", "since")
    if wish.ids:
        if len(wish.ids) > MOST_IDS:
            raise CannotEvaluate(f"At most {MOST_IDS} interactions by their ids; use filters for more.", "interaction_ids")
        own = Interaction.objects.for_project(wish.project_id).exchanges()
        if not own.filter(interaction_id__in=wish.ids).exists():
            raise CannotEvaluate("There is no such interaction in this project.", "interaction_ids")
    unknown = next((name for name in wish.filters if name not in API_PARAMETERS), None)
    if unknown is not None:
        raise CannotEvaluate(f"There is no filter {unknown[:80]!r}; there are {', '.join(API_PARAMETERS)}.", "filters")
    try:
        parse_filters(wish.filters)
    except ApiError as error:
        raise CannotEvaluate(str(error), f"filters.{error.field}") from None


def _limits(wish: Wish, chosen: Sequence[Evaluator]) -> None:
    if not 0 < wish.sample_rate <= 1:
        raise CannotEvaluate("A share above 0 and up to 1.", "sample_rate")
    if wish.most_calls is not None and not 1 <= wish.most_calls <= MOST_CALLS:
        raise CannotEvaluate(f"A whole number from 1 to {MOST_CALLS:,}.", "most_calls")
    if wish.most_usd is None:
        return
    if not 0 < wish.most_usd <= MOST_USD:
        raise CannotEvaluate(f"An amount above 0 and up to {MOST_USD:,}.", "most_usd")
    if any(one.has_judge for one in chosen):
        judge = Judge.objects.filter(project_id=wish.project_id).first()
        if judge is None or None in (judge.input_price, judge.output_price):
            raise CannotEvaluate(NO_PRICE, "most_usd")
