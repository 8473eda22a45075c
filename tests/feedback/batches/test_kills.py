"""An evaluation that dies at any statement: the next run goes on; verdicts are as of an undisturbed one, budgets hold."""

from itertools import count

import pytest

from feedback.models import Batch, JudgeDay, Score
from feedback.quality.batches import run
from feedback.quality.batches.run import run_waiting
from observatory.metrics.models import StaleBucket
from tests.kills import Killed, moments, tables
from tests.store import undone

pytestmark = [pytest.mark.crash, pytest.mark.django_db]
MOVING = ("id", "scored_at", "started_at", "finished_at", "calls", "cost_usd", "counts")


def state():
    return tables(Score, Batch, without=MOVING), set(StaleBucket.objects.values_list("source", "start", "level"))


def test_it_may_die_anywhere(script, judge, answers, ask, monkeypatch):
    monkeypatch.setattr(run, "ANSWERS_A_GROUP", 2)
    answers(3)
    ask(most_calls=20)
    with undone():
        with moments(monkeypatch) as all_of_them:
            run_waiting()
        wanted = state()
        assert Batch.objects.get().status == Batch.Status.DONE
    for fatal in count():
        if fatal == all_of_them.passed:
            break
        with undone():
            script.asked.clear()
            with pytest.raises(Killed), moments(monkeypatch, fatal):
                run_waiting()
            run_waiting()
            assert state() == wanted, f"killed at moment {fatal}"
            assert len(script.asked) <= 3 + 2, f"killed at moment {fatal}: more than one group was judged twice"
            batch = Batch.objects.get()
            assert 2 * len(script.asked) <= batch.calls <= 6 + 4
            assert JudgeDay.objects.get().calls == batch.calls, f"killed at moment {fatal}: the day counts other calls"
    assert fatal > 25
