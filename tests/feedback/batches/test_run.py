"""Evaluations, from the wish to the scores: budgets, turns, failures, what is done twice and what is not."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from types import SimpleNamespace

import pytest
from django.db import OperationalError
from django.db.models import Count
from django.utils import timezone

from feedback.models import Batch, EvaluatorSetting, JudgeDay, Score, State
from feedback.quality.batches import run, standing
from feedback.quality.batches.requests import pause, resume, stop, try_again
from feedback.quality.batches.run import is_waiting, run_waiting
from feedback.quality.batches.tally import Tally
from feedback.quality.batches.wish import CannotEvaluate, Wish
from feedback.quality.batches.wish import ask as ask_for
from feedback.quality.evaluator import Result
from interactions.models import Interaction
from observatory.projects.models import Project
from tests.feedback.batches.conftest import NOW
from tests.feedback.batches.facts import store_answers

pytestmark = pytest.mark.django_db
Status = Batch.Status


def carried_out(batch: Batch) -> Batch:
    run_waiting()
    batch.refresh_from_db()
    return batch


def outcome(batch: Batch, name: str = "test.judged"):
    return Tally.of_json(batch.counts).of(name)


def scored() -> int:
    return Score.objects.filter(state=State.SCORED).count()


def busy(question: str) -> Result:
    return Result(State.FAILED, reason="The endpoint answered 503", is_worth_retrying=True)


def test_what_was_paid_counts_in_the_day_though_the_verdicts_could_not_be_written(script, judge, answers, ask, monkeypatch):
    def write(*args, **progress):
        raise OperationalError("the database is away")

    answers(3)
    batch = ask("test.judged")
    with monkeypatch.context() as patch:
        patch.setattr(run, "write", write)
        with pytest.raises(OperationalError):
            run_waiting()
    assert JudgeDay.objects.get().cost_usd == Decimal("0.06")
    assert carried_out(batch).calls == JudgeDay.objects.get().calls == 12  # those that were reserved, and those made again
    assert JudgeDay.objects.get().cost_usd == Decimal("0.12")


def test_every_answer_is_judged_once_by_each_evaluator(script, judge, answers, ask):
    answers(40)
    batch = carried_out(ask("test.judged", "test.rule"))
    assert (batch.status, batch.looked_at, batch.total, batch.calls) == (Status.DONE, 40, 40, 80)
    assert batch.cost_usd == Decimal("0.8")
    assert len(script.asked) == 80
    one = outcome(batch)
    assert (one.scored, one.passed, one.judged, one.mean) == (40, 40, 40, pytest.approx(0.9))
    assert one.interval[1] == 1.0
    assert Score.objects.filter(name="test.judged", version="1 m", is_passed=True).count() == 40
    assert JudgeDay.objects.get().calls == 80
    again = carried_out(ask("test.judged", "test.rule"))
    assert (again.status, again.calls, outcome(again).already, len(script.asked)) == (Status.DONE, 0, 40, 80)


def test_another_version_or_another_judge_scores_again_and_asking_again_replaces(script, judge, answers, ask):
    answers(4)
    carried_out(ask())
    judge.model = "better"
    judge.save()
    carried_out(ask())
    assert sorted(set(Score.objects.values_list("version", flat=True))) == ["1 better", "1 m"]
    assert Score.objects.count() == 8
    carried_out(ask(is_again=True))
    assert (Score.objects.count(), len(script.asked)) == (8, 12)


def test_filters_a_period_ids_and_a_sample_choose_the_answers(script, answers, ask):
    answers(60)
    batch = carried_out(ask("test.rule", filters={"model": "odd"}, since=NOW - timedelta(minutes=9)))
    assert (batch.looked_at, scored()) == (5, 5)
    one = Interaction.objects.get(query_preview="question 3")
    assert carried_out(ask("test.rule", ids=[one.interaction_id])).looked_at == 1
    first = carried_out(ask("test.rule", sample_rate=0.4))
    drawn = outcome(first, "test.rule").scored + outcome(first, "test.rule").already
    assert 12 < drawn < 36
    second = carried_out(ask("test.rule", sample_rate=0.4))
    assert outcome(second, "test.rule").already == drawn


@pytest.mark.parametrize(("limit", "judged"), [({"most_calls": 25}, 12), ({"most_usd": Decimal("0.1")}, 5)])
def test_the_budget_of_an_evaluation_holds_exactly(script, judge, answers, ask, limit, judged):
    answers(40)
    batch = carried_out(ask(**limit))
    assert (batch.status, len(script.asked), scored()) == (Status.STOPPED, judged, judged)
    assert "budget of this evaluation is spent" in batch.reason
    assert batch.calls == 2 * judged


def test_the_budget_of_the_day_pauses_people_and_delays_the_schedule(script, judge, answers, ask):
    answers(20)
    judge.daily_calls = 11
    judge.save()
    batch = carried_out(ask())
    assert (batch.status, scored(), JudgeDay.objects.get().calls) == (Status.PAUSED, 5, 10)
    assert "Resume it tomorrow" in batch.reason
    planned = carried_out(ask(trigger=Batch.Trigger.SCHEDULE))
    assert planned.status == Status.WAITING
    assert planned.wait_until > timezone.now()
    assert not is_waiting()
    JudgeDay.objects.update(on=NOW.date() - timedelta(days=900))  # the next day has come
    Batch.objects.filter(pk=planned.pk).update(wait_until=timezone.now())
    carried_out(planned)
    assert scored() == 10


def test_a_pause_keeps_what_was_paid_for_and_resuming_goes_on(script, judge, answers, ask):
    answers(40)
    batch = ask()

    def pausing(question: str) -> Result:
        if question == "question 3":
            pause(Batch.objects.get(pk=batch.pk), by="mia")
        return Result(State.SCORED, 0.7)

    script.say = pausing
    carried_out(batch)
    assert (batch.status, batch.looked_at, scored()) == (Status.PAUSED, run.ANSWERS_A_GROUP, run.ANSWERS_A_GROUP)
    assert not run_waiting()
    resume(batch)
    script.say = None
    carried_out(batch)
    assert (batch.status, scored(), len(script.asked)) == (Status.DONE, 40, 40)
    with pytest.raises(CannotEvaluate):
        stop(batch, by="mia", now=NOW)


def test_a_failure_is_never_a_score_and_is_tried_again_later_each_time_until_it_is_given_up(script, judge, answers, ask):
    answers(3)
    script.say = lambda question: busy(question) if question == "question 1" else Result(State.SCORED, 0.2)
    batch = carried_out(ask())
    assert (batch.status, outcome(batch).failed, outcome(batch).failures) == (Status.DONE, 1, {busy("").reason: 1})
    assert outcome(batch).passed == 0
    failed = Score.objects.get(state=State.FAILED)
    assert (failed.value, failed.attempts) == (None, 1)
    assert not is_waiting()
    waits = []
    while failed.retry_at:
        waits.append(failed.retry_at - failed.scored_at)
        Score.objects.filter(pk=failed.pk).update(retry_at=timezone.now())
        run_waiting()
        failed.refresh_from_db()
    assert failed.attempts == 5
    assert waits == sorted(waits)
    assert len(waits) == 4
    assert waits[0] >= timedelta(seconds=59)
    batch.refresh_from_db()
    assert (batch.calls, outcome(batch).failed) == (14, 1)
    script.say = None
    (another,) = try_again(batch.project_id, Score.objects.given_up(), by="ann", now=NOW)
    assert outcome(carried_out(another)).scored == 1
    assert scored() == 3
    assert not Score.objects.filter(state=State.FAILED).exists()


def test_a_retry_that_goes_well_is_counted_with_its_evaluation(script, judge, answers, ask):
    answers(3)
    script.say = lambda question: busy(question) if question == "question 1" else Result(State.SCORED, 0.9)
    batch = carried_out(ask())
    script.say = None
    Score.objects.filter(state=State.FAILED).update(retry_at=timezone.now())
    carried_out(batch)
    assert (outcome(batch).scored, outcome(batch).failed, outcome(batch).failures) == (3, 0, {})
    assert batch.calls == 8


def test_a_judge_that_is_away_is_waited_for_and_a_wrong_key_pauses(script, judge, answers, ask):
    answers(40)
    script.say = busy
    batch = carried_out(ask())
    assert (batch.status, batch.looked_at) == (Status.WAITING, 15)
    assert "503" in batch.reason
    Batch.objects.filter(pk=batch.pk).update(wait_until=None)
    carried_out(batch)
    assert batch.looked_at == 16  # one answer finds out
    script.say = lambda question: Result(State.FAILED, reason="The endpoint answered 401: the key is wrong")
    Batch.objects.filter(pk=batch.pk).update(wait_until=None)
    assert carried_out(batch).status == Status.PAUSED
    script.say = None
    resume(batch)
    assert carried_out(batch).status == Status.DONE


def test_an_evaluator_that_breaks_fails_its_answers_and_no_others(script, judge, answers, ask, caplog):
    answers(2)

    def broken(question: str) -> Result:
        raise RuntimeError("secret")

    script.say = broken
    batch = carried_out(ask())
    assert outcome(batch).failures == {"The evaluator failed: RuntimeError": 2}
    assert Score.objects.given_up().count() == 2


def test_without_a_judge_nothing_is_asked_for_and_one_that_goes_pauses(script, answers, ask, judge):
    answers(2)
    batch = ask()
    judge.delete()
    assert carried_out(batch).status == Status.PAUSED
    assert "No judge is connected" in batch.reason
    with pytest.raises(CannotEvaluate, match="needs a judge"):
        ask()


def test_a_large_evaluation_of_one_project_does_not_keep_the_next_project_waiting(script, answers, ask, monkeypatch):
    other = Project.objects.create(slug="bank", name="Bank")
    answers(80)
    store_answers(other, 80)
    ask("test.rule")
    wish = Wish(other.pk, ["test.rule"], until=NOW + timedelta(days=1))
    ask_for(wish, trigger=Batch.Trigger.PERSON, by="mia", now=NOW)
    clock = SimpleNamespace(monotonic=count().__next__)  # a second each time that one looks
    monkeypatch.setattr("feedback.quality.batches.run.time", clock)
    assert run_waiting(seconds=8) == 6
    by_project = Score.objects.values("project").annotate(n=Count("id")).order_by("project")
    assert [row["n"] for row in by_project] == [60, 30]


def test_an_answer_that_was_erased_meanwhile_gets_no_score(script, answers, ask):
    answers(3)

    def erasing(question: str) -> Result:
        Interaction.objects.filter(query_preview="question 1").delete()
        return Result(State.SCORED, 1.0)

    script.say = erasing
    batch = carried_out(ask("test.rule"))
    assert (scored(), outcome(batch, "test.rule").scored) == (2, 2)


def test_the_schedule_judges_what_is_new_once_with_a_batch_a_day(script, judge, answers, project):
    answers(10)
    setting = EvaluatorSetting.objects.create(
        project=project, evaluator="test.judged", is_on=True, changed_at=NOW - timedelta(minutes=5)
    )
    later = NOW + timedelta(minutes=10)
    assert standing.look(now=later) == 1
    assert standing.look(now=later) == 0  # one is open
    run_waiting()
    assert len(script.asked) == 6  # those since it was turned on
    assert standing.look(now=later) == 0
    Interaction.objects.filter(query_preview="question 9").update(asked_at=later)
    Score.objects.filter(interaction_id=Interaction.objects.get(query_preview="question 9").interaction_id).delete()
    assert standing.look(now=later + timedelta(minutes=5)) == 1
    run_waiting()
    assert (Batch.objects.count(), len(script.asked)) == (1, 7)
    setting.is_on = False
    setting.save()
    assert standing.look(now=later + timedelta(days=1)) == 0
