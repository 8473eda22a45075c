"""What came of an evaluation so far, by evaluator; kept as JSON with the batch."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from feedback.models import State
from feedback.quality.evaluator import Result
from observatory.stats.intervals import Interval, wilson

MOST_REASONS, MAX_REASON, OTHERS = 12, 160, "other reasons"


@dataclass
class Outcome:
    """Of one evaluator. `already`: its verdict was there before; `judged`: those of the scored that passed or did not."""

    version: str = ""
    scored: int = 0
    not_scorable: int = 0
    failed: int = 0
    already: int = 0
    judged: int = 0
    passed: int = 0
    total: float = 0.0
    reasons: dict[str, int] = field(default_factory=dict)
    failures: dict[str, int] = field(default_factory=dict)

    def add(self, result: Result, *, times: int = 1) -> None:
        """Count a result; with -1 it is taken back."""
        if result.state == State.SCORED:
            self.scored += times
            self.total += times * (result.value or 0.0)
            self.judged += times * (result.is_passed is not None)
            self.passed += times * bool(result.is_passed)
        elif result.state == State.NOT_SCORABLE:
            self.not_scorable += times
            _count(self.reasons, result.reason, times)
        else:
            self.failed += times
            _count(self.failures, result.reason, times)

    @property
    def mean(self) -> float | None:
        return self.total / self.scored if self.scored else None

    @property
    def pass_rate(self) -> float | None:
        return self.passed / self.judged if self.judged else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's, of the pass rate, 95 %."""
        return wilson(self.passed, self.judged)


def _count(reasons: dict[str, int], reason: str, times: int) -> None:
    name = " ".join(reason.split())[:MAX_REASON] or "without a reason"
    name = name if name in reasons or (times > 0 and len(reasons) < MOST_REASONS) else OTHERS
    reasons[name] = max(0, reasons.get(name, 0) + times)
    if not reasons[name]:
        del reasons[name]


@dataclass
class Tally:
    """`open_calls` are about to be asked, and counted before: of a process that died nobody knows whether it asked them."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    open_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    unpriced: int = 0  # verdicts of a judge whose price is not known
    sampled_out: int = 0
    silent: int = 0  # groups in a row of which nothing could be judged

    def of(self, name: str) -> Outcome:
        return self.outcomes.setdefault(name, Outcome())

    @property
    def answered(self) -> int:
        return sum(one.scored + one.not_scorable + one.failed for one in self.outcomes.values())

    @property
    def failed(self) -> int:
        return sum(one.failed for one in self.outcomes.values())

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        outcomes = {name: Outcome(**one) for name, one in kept.get("outcomes", {}).items()}
        return cls(**{**kept, "outcomes": outcomes})
