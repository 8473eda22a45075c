"""The pages of evaluations and evaluators: who may do what, and what they say."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback.models import Batch, EvaluatorSetting, Score, State
from feedback.quality.batches.run import run_waiting
from feedback.quality.evaluator import Result
from interactions.models import Interaction
from observatory.projects.models import Membership, Project
from tests.feedback.batches.conftest import NOW
from tests.pages import inline_code

pytestmark = pytest.mark.django_db
LIST, ADD, FAILURES = (f"admin:feedback_batch_{name}" for name in ("changelist", "add", "failures"))
EVALUATORS = "admin:feedback_evaluatorsetting_changelist"


@pytest.fixture
def client_of(project):
    def made(role):
        user = User.objects.create_user(role, is_staff=True)
        if role != "stranger":
            Membership.objects.create(project=project, user=user, role=role)
        client = Client()
        client.force_login(user)
        return client

    return made


def opened(client, name: str, query: str = "", *arguments: object) -> str:
    answer = client.get(f"{reverse(name, args=arguments)}?project=shop{query}")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert inline_code(page) == []
    return page


def page_of(batch, act="change"):
    return reverse(f"admin:feedback_batch_{act}", args=[batch.pk])


def test_an_editor_plans_starts_and_reads_an_evaluation(script, judge, answers, client_of):
    answers(20)
    editor = client_of("editor")
    listed = opened(editor, "admin:interactions_interaction_changelist", "&model=odd")
    assert f'href="{reverse(ADD)}?project=shop&amp;model=odd"' in listed
    page = opened(editor, ADD, "&model=odd&since=2026-03-08T11:45:00")
    assert "odd" in page
    assert "2026-03-08T11:45:00" in page
    wish = {"evaluators": ["test.judged", "test.rule"], "filters": "model=odd", "sample_percent": "100"}
    planned = editor.post(f"{reverse(ADD)}?project=shop", wish).content.decode()
    assert "10 answers, 20 calls of the judge, about $" in planned
    assert "± 5 %" in planned
    assert not Batch.objects.exists()
    answer = editor.post(f"{reverse(ADD)}?project=shop", {**wish, "start": "1"})
    batch = Batch.objects.get()
    assert (answer.status_code, batch.requested_by) == (302, "user editor")
    assert "data-at-work" in opened(editor, "admin:feedback_batch_change", "", batch.pk)
    run_waiting()
    page = opened(editor, "admin:feedback_batch_change", "&evaluator=test.judged", batch.pk)
    assert "72 to 100 %" in page
    assert "question 19" in page
    assert "$0.2" in page
    assert "done" in opened(editor, LIST)


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("stranger", 404)])
def test_others_look_or_find_nothing(script, answers, ask, client_of, role, status):
    answers(2)
    batch, client = ask("test.rule"), client_of(role)
    acts = [client.post(page_of(batch, act)).status_code for act in ("pause", "resume", "stop")]
    assert acts == [status] * 3
    assert client.post(f"{reverse('admin:feedback_batch_again')}?project=shop").status_code == status
    assert client.get(f"{reverse(ADD)}?project=shop").status_code == status
    assert client.get(page_of(batch)).status_code == (200 if role == "viewer" else 404)
    batch.refresh_from_db()
    assert batch.status == Batch.Status.WAITING


def test_an_editor_pauses_resumes_and_stops(script, answers, ask, client_of):
    answers(2)
    batch, editor = ask("test.rule"), client_of("editor")
    for act, status in (("pause", "paused"), ("resume", "waiting"), ("stop", "stopped"), ("resume", "stopped")):
        editor.post(page_of(batch, act))
        batch.refresh_from_db()
        assert batch.status == status
    assert "Stopped by user editor." in opened(editor, "admin:feedback_batch_change", "", batch.pk)


def test_what_was_given_up_is_listed_with_its_reason_and_tried_again(script, judge, answers, ask, client_of):
    answers(2)
    script.say = lambda question: Result(State.FAILED, reason="<b>The key is wrong</b>")
    ask()
    run_waiting()
    editor = client_of("editor")
    assert "2 evaluations failed and were given up" in opened(editor, LIST)
    page = opened(editor, FAILURES)
    assert "&lt;b&gt;The key is wrong" in page
    script.say = None
    one = Score.objects.given_up().first()
    editor.post(f"{reverse('admin:feedback_batch_again')}?project=shop", {"score": one.score_id})
    run_waiting()
    assert Score.objects.given_up().count() == 1
    editor.post(f"{reverse('admin:feedback_batch_again')}?project=shop")
    run_waiting()
    assert "Nothing was given up" in opened(editor, FAILURES)


def test_a_page_asks_as_little_of_300_as_of_3(script, judge, answers, ask, client_of, project):
    answers(3)
    viewer = client_of("viewer")
    script.say = lambda question: Result(State.FAILED, reason="no") if question.endswith("1") else Result(State.SCORED, 0.5)
    batch = ask()
    run_waiting()

    def statements() -> list[int]:
        found = []
        for name, arguments in ((LIST, ()), (FAILURES, ()), (EVALUATORS, ()), ("admin:feedback_batch_change", (batch.pk,))):
            with CaptureQueriesContext(
                connection,
            ) as asked:
                opened(viewer, name, "", *arguments)
            found.append(len(asked))
        return found

    statements()
    few = statements()
    answers(60)
    Batch.objects.bulk_create(
        Batch(project=project, evaluators=["test.judged"], status="done", requested_by="x", requested_at=NOW)
        for _ in range(99)
    )
    Batch.objects.filter(pk=batch.pk).update(status="waiting", until=None)
    batch.refresh_from_db()
    run_waiting()
    assert Interaction.objects.count() > 50
    assert statements() == few


def test_an_owner_turns_an_evaluator_on_and_writes_own_criteria(script, judge, client_of, project):
    owner = client_of("owner")
    edit = f"{reverse('admin:feedback_evaluatorsetting_edit')}?project=shop&name=test.judged"
    values = {"is_on": "on", "sample_percent": "10", "threshold": "0.8", "filters": "model=gpt-4o"}
    assert owner.post(edit, values).status_code == 302
    setting = EvaluatorSetting.objects.get()
    assert (setting.is_on, setting.sample_rate, setting.threshold, setting.filters) == (True, 0.1, 0.8, {"model": "gpt-4o"})
    since = setting.changed_at
    owner.post(edit, {**values, "threshold": "0.9"})
    setting.refresh_from_db()
    assert setting.changed_at == since
    assert "There is no filter" in owner.post(edit, {**values, "filters": "modle=x"}).content.decode()
    own = f"{reverse('admin:feedback_evaluatorsetting_add')}?project=shop"
    tone = {"name": "Tone <i>", "criteria": "Polite is good.", "sample_percent": "100", "threshold": "0.5"}
    assert "Criteria or steps are needed" in owner.post(own, {**tone, "criteria": ""}).content.decode()
    assert owner.post(own, tone).status_code == 302
    assert "There are criteria of this name" in owner.post(own, tone).content.decode()
    page = opened(owner, EVALUATORS)
    assert "Tone &lt;i&gt;" in page
    assert "10 % of the new answers" in page
    name = EvaluatorSetting.objects.get(evaluator__contains="Tone").evaluator
    owner.post(f"{reverse('admin:feedback_evaluatorsetting_remove')}?project=shop&name={name}")
    assert not EvaluatorSetting.objects.filter(evaluator__contains="Tone").exists()


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 403), ("stranger", 404)])
def test_others_change_no_evaluator(script, client_of, project, role, status):
    client = client_of(role)
    Project.objects.create(slug="bank", name="Bank")
    for page in ("edit", "add", "remove"):
        path = reverse(f"admin:feedback_evaluatorsetting_{page}")
        values = {"name": "x", "criteria": "y", "sample_percent": "100", "is_on": "on"}
        assert client.post(f"{path}?project=shop&name=test.rule", values).status_code == status
        assert client.post(f"{path}?project=bank&name=test.rule", values).status_code == 404
    assert not EvaluatorSetting.objects.exists()


def test_without_a_judge_the_pages_say_what_to_do(script, client_of, project):
    owner = client_of("owner")
    assert "needs a judge, and none is connected" in opened(owner, EVALUATORS)
    assert "not ready" in opened(owner, ADD)
    assert "Nothing was evaluated yet" in opened(owner, LIST)
