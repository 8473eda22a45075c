"""Evaluators whose verdicts the tests script, answers to be judged, and a judge that nobody connects to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from feedback.models import Batch, Judge
    from feedback.quality.evaluator import Evaluator, Result

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)


@dataclass
class Script:
    """`asked` are the questions that were judged, in their order; `say` decides what becomes of one."""

    say: "Callable[[str], Result] | None" = None
    asked: list[str] = field(default_factory=list)

    def __call__(self, requests: Sequence[Any], judge: Any) -> "list[Result]":
        found = []
        for one in requests:
            self.asked.append(one.exchange.question)
            found.append(self._judge(one, judge))
        if judge is not None:
            judge.budget.settle()
        return found

    def _judge(self, one: Any, judge: Any) -> "Result":
        from decimal import Decimal

        from feedback.models import State
        from feedback.quality.evaluator import Result

        if judge is not None:
            for _ in range(2):
                judge.budget.take()
                judge.budget.spend(100, 10, Decimal("0.01"))
        paid = {"calls": 2, "cost_usd": Decimal("0.02"), "input_tokens": 200, "output_tokens": 20} if judge else {}
        if self.say:
            said = self.say(one.exchange.question)
            return Result(said.state, said.value, said.reason, is_worth_retrying=said.is_worth_retrying, **paid)
        return Result(State.SCORED, 0.9, "fine", **paid)


@pytest.fixture
def script(monkeypatch) -> Iterator[Script]:
    """What the evaluators `test.rule` (no judge) and `test.judged` (two calls) do."""
    from feedback.models import Source
    from feedback.quality import catalogue
    from feedback.quality.evaluator import Evaluator

    made = Script()

    def declared(name: str, source: Source, calls: int) -> "Evaluator":
        words = {"means": "what the test says", "misses": "everything else"}
        return Evaluator(name, name.title(), source, "1", load=lambda: made, threshold=0.5, calls=calls, **words)

    ours = [declared("test.rule", Source.ESTIMATE, 0), declared("test.judged", Source.JUDGE, 2)]
    with monkeypatch.context() as patch:
        for one in ours:
            patch.setitem(catalogue._EVALUATORS, one.name, one)
        yield made


@pytest.fixture
def judge(project) -> "Judge":
    from feedback.models import Judge

    return Judge.objects.create(
        project=project,
        base_url="http://127.0.0.1:9/v1",
        model="m",
        daily_calls=None,
        input_price=1,
        output_price=2,
        changed_at=NOW,
    )


@pytest.fixture
def answers(project) -> Callable[[int], None]:
    """`answers(n)` stores n interactions, a minute apart, the last one at NOW."""
    from tests.feedback.batches.facts import store_answers

    return lambda number: store_answers(project, number)


@pytest.fixture
def ask(project) -> "Callable[..., Batch]":
    from feedback.models import Batch
    from feedback.quality.batches.wish import Wish, ask

    def asked(*evaluators: str, **more: Any) -> "Batch":
        trigger = more.pop("trigger", Batch.Trigger.PERSON)
        wish = Wish(project.pk, evaluators or ["test.judged"], **{"until": NOW + timedelta(days=1), **more})
        return ask(wish, trigger=trigger, by="mia", now=NOW)

    return asked
