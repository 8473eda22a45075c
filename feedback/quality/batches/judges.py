"""The judge of a batch: the project's, held to the budgets of the day and of the batch."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from feedback.models import Batch
from feedback.quality.batches.budget import narrow
from feedback.quality.batches.in_use import needs_judge
from feedback.quality.judge.open import OpenJudge, open_judge


@contextmanager
def judge_for(batch: Batch, evaluators: Sequence[str], *, now: datetime) -> Iterator[OpenJudge | None]:
    """None if the evaluators need none. Raises NoJudge if they do and there is none."""
    if not needs_judge(evaluators):
        yield None
        return
    with open_judge(batch.project_id, now=now) as judge:
        narrow(judge, batch)
        yield judge
