"""What an evaluator is: declared once, listed, run in batches and on demand, shown on every page that shows scores."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from feedback.models import Source, State
from feedback.quality.exchanges import Exchange


class Needs(StrEnum):
    """What an exchange must have to be judged; without it the result is NOT_SCORABLE, with the reason."""

    PASSAGES = "passages"
    REFERENCE = "a reference answer"


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome for one exchange. `value` is None unless SCORED; `reason` is said beside it in every state.

    `is_worth_retrying`: a FAILED one may go well another time (the judge was busy), as opposed to a wrong key.
    `retry_at`: not before, where that is known. `is_out_of_budget`: the judge was not asked, so it was no attempt.
    """

    state: State
    value: float | None = None
    reason: str = ""
    parts: Mapping[str, float | None] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)
    is_passed: bool | None = None
    threshold: float | None = None
    calls: int = 0
    cost_usd: Decimal | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    is_worth_retrying: bool = False
    retry_at: datetime | None = None
    is_out_of_budget: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One exchange for one evaluator, with the project's threshold and options."""

    exchange: Exchange
    threshold: float | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


# Takes many requests at once, with the open judge (None for evaluators without a model); one result each, in their order.
Evaluate = Callable[[Sequence[Request], Any], Sequence[Result]]


@dataclass(frozen=True, slots=True)
class Evaluator:
    """`name` is that of its scores. `version` changes with whatever changes its results; the judge's model is added to it.

    `calls` of the judge for one answer, for the plan of a batch; 0: it needs no model. `load` imports what is heavy and
    returns the function, in the worker. `means` and `misses` say in plain words what a score says and what it does not.
    `is_family`: a project makes its own ones of it, each with a setting of the name `NAME:OWN` and options.
    `is_heavy`: without a judge, yet too dear for every answer as it comes: off until an owner turns it on, and then run
    in evaluations.
    """

    name: str
    title: str
    source: Source
    version: str
    means: str
    misses: str
    load: Callable[[], Evaluate]
    needs: tuple[Needs, ...] = ()
    threshold: float | None = None
    calls: int = 0
    is_family: bool = False
    is_heavy: bool = False

    @property
    def has_judge(self) -> bool:
        return self.calls > 0

    @property
    def is_following(self) -> bool:
        """Whether it runs by itself on each answer as it comes, in no evaluation: see feedback/scoring.py."""
        return self.source == Source.ESTIMATE and not self.is_heavy
