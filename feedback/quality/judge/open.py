"""The judge of a project, ready to be asked: what batches, canaries and single evaluations hand to evaluators."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from feedback.models import Judge
from feedback.quality.judge.budget import Budget, budget_of
from feedback.quality.judge.endpoint import Endpoint
from feedback.quality.judge.failures import NoJudge
from feedback.sealing import CannotUnseal, unseal

if TYPE_CHECKING:
    from feedback.quality.judge.session import Session

T = TypeVar("T")


@dataclass(slots=True)
class OpenJudge:
    """One day's judge. `run` makes one event loop with one client; the database is touched before and after it only."""

    project_id: int
    endpoint: Endpoint
    budget: Budget

    @property
    def model(self) -> str:
        return self.endpoint.model

    def why_spent(self) -> str:
        """Why it is not asked any more today; empty while it is. To be looked at before each group of answers."""
        return self.budget.why_spent()

    def run(self, work: "Callable[[Session], Awaitable[T]]") -> T:
        """Do the work in a loop of its own. What it used is written down, whatever comes of it."""
        # The client of HTTP, which processes that ask nothing need not hold.
        from feedback.quality.judge.session import opened

        async def in_session() -> T:
            async with opened(self.endpoint, self.budget) as session:
                return await work(session)

        try:
            return asyncio.run(in_session())
        finally:
            self.budget.settle()


@contextmanager
def open_judge(project_id: int, *, now: datetime) -> Iterator[OpenJudge]:
    """The judge of a project. Raises NoJudge, with a reason to be shown, if there is none that can be asked.

    The budget is that of the UTC day of `now`: open it anew for each group of answers.
    """
    judge = Judge.objects.filter(project_id=project_id).first()
    if judge is None:
        raise NoJudge("No judge is connected")
    yield OpenJudge(project_id, endpoint_of(judge), budget_of(judge, now=now))


def endpoint_of(judge: Judge) -> Endpoint:
    try:
        key = unseal(judge.sealed_key)
    except CannotUnseal:
        raise NoJudge("The judge's key was kept with another OBSERVATORY_SECRET_KEY: enter it again") from None
    return Endpoint(
        judge.base_url,
        judge.model,
        key,
        judge.may_be_private,
        judge.temperature,
        judge.input_price,
        judge.output_price,
        judge.max_concurrent,
        judge.timeout_s,
    )
