"""Canaries: asked once a day, by each evaluator that is on; a failure is no verdict; a judge that moves is seen."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from feedback.canaries import MOST_CANARIES, CannotAdd, NewCanary, add, add_starters
from feedback.canary_runs import lease_of, run
from feedback.models import Canary, CanaryRun, EvaluatorSetting, Judge, JudgeDay, Score, State
from feedback.quality.evaluator import Result
from feedback.review.drift import drift_of
from interactions.raw_data.leftovers import Gone, count, let_go
from observatory.core.models import Lease
from observatory.projects.models import Membership, Project
from tests.feedback.batches.conftest import judge, script
from tests.feedback.judge.fake_judge import FakeJudge
from tests.feedback.review.conftest import NOW

__all__ = ["judge", "script"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIST = "/admin/feedback/canary/"


@pytest.fixture
def on(project, judge, script):
    EvaluatorSetting.objects.create(project=project, evaluator="test.judged", is_on=True)
    EvaluatorSetting.objects.create(project=project, evaluator="test.rule", is_on=True)  # asks no judge
    assert add_starters(project.pk, now=NOW) == 8
    return script


def by_goodness(question):
    is_good = "good" in Canary.objects.filter(question=question).values_list("name", flat=True)[0]
    return Result(State.SCORED, 0.9 if is_good else 0.1)


def test_each_is_asked_once_a_day_and_nothing_is_a_score_of_an_answer(project, on):
    assert run(project.pk, now=NOW) == 8
    assert run(project.pk, now=NOW + timedelta(hours=3)) == 0
    assert run(project.pk, now=NOW + DAY) == 8
    Canary.objects.filter(name__startswith="bad").update(is_on=False)
    assert run(project.pk, now=NOW + 2 * DAY) == 4
    assert len(on.asked) == 20
    first = CanaryRun.objects.first()
    assert (first.evaluator, first.version, first.state, first.value, first.is_passed) == (
        "test.judged",
        "1 m",
        0,
        0.9,
        True,
    )
    assert not Score.objects.exists()
    assert add_starters(project.pk, now=NOW) == 0


def test_what_failed_has_no_score_and_is_asked_again_after_the_others(project, on):
    first = on.say = lambda question: Result(State.FAILED, reason="invalid: no object")
    assert run(project.pk, now=NOW) == 1
    assert set(CanaryRun.objects.values_list("state", "value", "is_passed")) == {(State.FAILED, None, None)}
    (moved,) = drift_of(project.pk, now=NOW)
    assert (moved.last, moved.days[0].failed, moved.is_alarming) == (None, 1, False)
    on.say = lambda question: first(question) if question == on.asked[0] else by_goodness(question)
    assert run(project.pk, now=NOW, is_asked_for=True) == 8
    on.say = None
    assert run(project.pk, now=NOW, is_asked_for=True) == 2  # those of one question
    assert CanaryRun.objects.filter(state=State.SCORED).count() == CanaryRun.objects.count() == 8


def test_while_the_judge_is_away_it_is_asked_little_and_less_and_less_often(project, on, monkeypatch):
    EvaluatorSetting.objects.create(project=project, evaluator="judge.quality", is_on=True)
    Judge.objects.update(may_be_private=True)  # nobody listens there
    monkeypatch.setattr("feedback.quality.judge.session.FIRST_WAIT_S", 0.0)
    on.say = lambda question: Result(State.FAILED, reason="No answer within 60 s", is_worth_retrying=True)
    begun = NOW.replace(hour=0, minute=17)
    written = [run(project.pk, now=begun + timedelta(hours=hour)) for hour in range(24)]
    assert [hour for hour, number in enumerate(written) if number] == [0, 1, 3, 7, 13, 19]
    assert sum(written) == 6
    EvaluatorSetting.objects.filter(evaluator="judge.quality").delete()
    on.say, late = None, begun + timedelta(hours=20)
    Judge.objects.update(daily_calls=10)
    JudgeDay.objects.update(calls=6)
    assert run(project.pk, now=late + timedelta(hours=3)) == 0  # what is left is for answers
    Judge.objects.update(daily_calls=30, changed_at=late)
    assert run(project.pk, now=late) == 8


def test_without_a_judge_or_an_evaluator_that_is_on_nobody_is_asked(project, on):
    EvaluatorSetting.objects.update(is_on=False)
    assert run(project.pk, now=NOW) == 0
    EvaluatorSetting.objects.update(is_on=True)
    Judge.objects.all().delete()
    assert run(project.pk, now=NOW) == 0


def test_a_canary_that_goes_while_the_judge_thinks_takes_no_other_with_it(project, on):
    gone = Canary.objects.get(name="good: bridge")

    def deleting(question: str) -> Result:
        Canary.objects.filter(pk=gone.pk).delete()
        return Result(State.SCORED, 0.9)

    on.say = deleting
    assert run(project.pk, now=NOW) == 7
    assert CanaryRun.objects.exclude(canary_id=gone.pk).count() == CanaryRun.objects.count() == 7


def test_while_one_process_asks_no_other_does(project, on):
    Lease.objects.create(name=lease_of(project.pk), owner="another", until=timezone.now() + timedelta(seconds=50))
    assert run(project.pk, now=NOW) == 0
    assert not on.asked


def test_a_judge_that_moves_is_seen_by_its_share_and_by_each_flip(project, on, django_assert_num_queries):
    rows = []
    for place, canary in enumerate(Canary.objects.order_by("id")):
        for day in range(20):
            has_moved = day == 19 and place < 4
            rows.append(
                CanaryRun(
                    canary=canary,
                    evaluator="test.judged",
                    version="1 m",
                    value=0.5,
                    on=(NOW - (19 - day) * DAY).date(),
                    is_passed=canary.is_good != has_moved,
                    ran_at=NOW,
                )
            )
    CanaryRun.objects.bulk_create(rows)
    with django_assert_num_queries(1):
        (moved,) = drift_of(project.pk, now=NOW)
    assert (moved.last.right, moved.last.n, moved.base) == (4, 8, (112, 112))
    assert moved.has_moved
    assert len(moved.flips) == 4
    CanaryRun.objects.filter(on=NOW.date()).delete()
    (steady,) = drift_of(project.pk, now=NOW)
    assert not steady.is_alarming


def test_a_project_has_so_many_and_each_name_once(project):
    new = NewCanary("one", "Q?", "A.", True, ["p", " "])
    assert add(project.pk, new, now=NOW).passages == ["p"]
    with pytest.raises(CannotAdd, match="with this name"):
        add(project.pk, new, now=NOW)
    with pytest.raises(CannotAdd, match="NUL"):
        add(project.pk, NewCanary("two", "Q?", "A\x00", True), now=NOW)
    Canary.objects.bulk_create(
        Canary(project=project, name=str(n), question="q", answer="a", is_good=True, created_at=NOW)
        for n in range(MOST_CANARIES - 1)
    )
    with pytest.raises(CannotAdd, match="at most"):
        add(project.pk, NewCanary("two", "Q?", "A.", True), now=NOW)


@pytest.mark.one_store
def test_the_rubric_of_a_judge_behind_http_tells_good_canaries_from_bad_ones(project, capsys):
    with FakeJudge() as fake:
        Judge.objects.create(project=project, base_url=fake.url, model="good", may_be_private=True, changed_at=NOW)
        EvaluatorSetting.objects.create(project=project, evaluator="judge.quality", is_on=True)
        add_starters(project.pk, now=NOW)
        call_command("ask_canaries", "shop")
    assert "8 verdicts" in capsys.readouterr().out
    runs = CanaryRun.objects.select_related("canary")
    values = {is_good: [run.value for run in runs if run.canary.is_good is is_good] for is_good in (True, False)}
    assert min(values[True]) > max(values[False]) or sum(values[True]) > sum(values[False])


def test_editors_add_and_switch_viewers_look_strangers_find_nothing(project, on):
    clients = {}
    other = Project.objects.create(slug="bank", name="Bank")
    for role, where in (("viewer", project), ("editor", project), ("owner", other)):
        user = User.objects.create_user(role, is_staff=True)
        Membership.objects.create(project=where, user=user, role=role)
        clients[role] = Client()
        clients[role].force_login(user)
    canary = Canary.objects.get(name="good: bridge")
    run(project.pk, now=NOW)
    assert "0.90" in clients["viewer"].get(LIST).content.decode()
    assert "Golden Gate" in clients["viewer"].get(f"{LIST}{canary.pk}/change/").content.decode()
    form = {"name": "mine", "verdict": "bad", "question": "Q?", "answer": "A.", "passages": "one\r\n---\r\ntwo"}
    for path in (f"{LIST}starters/", f"{LIST}add/", f"{LIST}{canary.pk}/switch/"):
        assert clients["viewer"].post(path, form).status_code == 403
    assert clients["editor"].post(f"{LIST}add/", form).status_code == 302
    assert Canary.objects.get(name="mine").passages == ["one", "two"]
    assert "There is a canary with this name" in clients["editor"].post(f"{LIST}add/", form).content.decode()
    clients["editor"].post(f"{LIST}{canary.pk}/switch/", {"on": "0"})
    assert not Canary.objects.get(pk=canary.pk).is_on
    for path in (f"{LIST}{canary.pk}/change/", f"{LIST}?project=shop"):
        assert clients["owner"].get(path).status_code == 404
    assert clients["owner"].post(f"{LIST}{canary.pk}/switch/").status_code == 404
    assert "good: bridge" not in clients["owner"].get(LIST).content.decode()


def test_a_copied_answer_goes_with_its_erasure_and_stays_when_the_answer_is_old(project, queue):
    (item,) = queue(1, reviews=1)
    user = User.objects.create_user("ed", is_staff=True)
    Membership.objects.create(project=project, user=user, role="editor")
    editor = Client()
    editor.force_login(user)
    form = {"name": "mine", "verdict": "good", "question": "Q?", "answer": "A."}
    assert editor.post(f"{LIST}add/?project=shop&item={item.pk}", form).status_code == 302
    canary = Canary.objects.get()
    assert canary.interaction_id == item.interaction_id
    CanaryRun.objects.create(canary=canary, evaluator="e", version="1", on=NOW.date(), ran_at=NOW)
    let_go(Gone(project.pk, [item.interaction_id]))
    assert Canary.objects.count() == 1
    gone = Gone(project.pk, [item.interaction_id], is_erasure=True)
    counted = count(gone)
    assert (counted["canaries"], counted["verdicts on canaries"]) == (1, 1)
    assert let_go(gone) == counted
    assert not Canary.objects.exists()


def test_an_editor_deletes_a_canary_with_what_was_said_of_it(project, on):
    run(project.pk, now=NOW)
    user = User.objects.create_user("ed", is_staff=True)
    Membership.objects.create(project=project, user=user, role="editor")
    editor, canary = Client(), Canary.objects.first()
    editor.force_login(user)
    assert editor.get(f"{LIST}{canary.pk}/delete/").status_code == 200
    assert editor.post(f"{LIST}{canary.pk}/delete/", {"post": "yes"}).status_code == 302
    assert (Canary.objects.count(), CanaryRun.objects.count()) == (7, 7)
