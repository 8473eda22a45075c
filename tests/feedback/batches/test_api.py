"""Evaluations by the API: asked for, planned, looked at, paused, resumed, stopped."""

import pytest
from django.test import Client

from feedback.models import Batch, Score
from feedback.quality.batches.precision import answers_for
from feedback.quality.batches.run import run_waiting
from observatory.projects.keys import create_key
from observatory.projects.models import Project

pytestmark = pytest.mark.django_db
PATH = "/api/v1/evaluations"


@pytest.fixture
def call(key):
    def called(method: str, path: str = "", body=None, with_key: str = key):
        headers = {"HTTP_AUTHORIZATION": f"Bearer {with_key}"}
        made = getattr(Client(), method)(PATH + path, data=body, content_type="application/json", **headers)
        return made.status_code, made.json()

    return called


def test_an_evaluation_is_asked_for_carried_out_and_read(script, judge, answers, call):
    answers(8)
    status, asked = call("post", "", {"evaluators": ["test.judged"], "filters": {"model": "odd"}, "most_calls": 6})
    assert (status, asked["status"], asked["plan"]["answers"], asked["plan"]["calls"]) == (202, "waiting", 4, 8)
    run_waiting()
    _, found = call("get", f"/{asked['id']}")
    assert (found["status"], found["calls"], found["looked_at"], found["trigger"]) == ("stopped", 6, 3, "api")
    outcome = found["outcomes"]["test.judged"]
    assert (outcome["scored"], outcome["pass_rate"], outcome["version"]) == (3, 1.0, "1 m")
    assert outcome["pass_rate_interval"][0] == pytest.approx(0.4385, abs=1e-3)
    assert [row["id"] for row in call("get")[1]["results"]] == [asked["id"]]
    assert call("patch", f"/{asked['id']}", {"action": "resume"})[0] == 409


def test_it_is_paused_resumed_and_stopped(script, answers, call):
    answers(2)
    _, asked = call("post", "", {"evaluators": ["test.rule"]})
    path = f"/{asked['id']}"
    assert call("patch", path, {"action": "pause"})[1]["status"] == "paused"
    assert not run_waiting()
    assert call("patch", path, {"action": "resume"})[1]["status"] == "waiting"
    assert call("patch", path, {"action": "stop"})[1]["status"] == "stopped"
    run_waiting()
    assert not Score.objects.exists()


def test_a_plan_tells_calls_tokens_and_cost_and_starts_nothing(script, judge, answers, call):
    answers(30)
    wish = {"evaluators": ["test.judged", "test.rule"], "sample_rate": 0.5}
    status, plan = call("post", "/plan", wish)
    judged, rule = plan["evaluators"]
    assert (status, plan["found"], plan["answers"], plan["calls"]) == (200, 30, 15, 30)
    assert (judged["basis"], rule["basis"], rule["calls"]) == ("the lengths of the texts", "no judge", 0)
    assert float(plan["cost_usd"]) == pytest.approx((judged["input_tokens"] + 2 * judged["output_tokens"]) / 1e6)
    assert not Batch.objects.exists()
    call("post", "", {"evaluators": ["test.judged"]})
    run_waiting()
    measured = call("post", "/plan", wish)[1]["evaluators"][0]
    assert (measured["basis"], measured["input_tokens"]) == ("the last verdicts", 15 * 200)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], None),
        ({}, "evaluators"),
        ({"evaluators": ["nonsense"]}, "evaluators"),
        ({"evaluators": "test.rule"}, "evaluators"),
        ({"evaluators": ["test.judged"]}, "evaluators"),  # no judge
        ({"evaluators": ["test.rule"], "sample_rate": 0}, "sample_rate"),
        ({"evaluators": ["test.rule"], "most_calls": 0}, "most_calls"),
        ({"evaluators": ["test.rule"], "most_calls": -1}, "most_calls"),
        ({"evaluators": ["test.rule"], "most_usd": -1}, "most_usd"),
        ({"evaluators": ["test.rule"], "since": "yesterday"}, "since"),
        ({"evaluators": ["test.rule"], "since": "2026-02-01", "until": "2026-01-01"}, "since"),
        ({"evaluators": ["test.rule"], "filters": {"modle": "x"}}, "filters"),
        ({"evaluators": ["test.rule"], "filters": {"status": "bad"}}, "filters.status"),
        ({"evaluators": ["test.rule"], "filters": {"model": "a\x00b"}}, "filters.model"),
        ({"evaluators": ["test.rule"], "filters": {"model": ""}}, "filters.model"),
        ({"evaluators": ["test.rule"], "filters": {"model": " "}}, "filters.model"),
        ({"evaluators": ["test.rule"], "filters": {"since": "2026-01-01"}}, "filters.since"),
        ({"evaluators": ["test.rule"], "since": ""}, "since"),
        ({"evaluators": ["test.rule"], "interaction_ids": ["x"]}, "interaction_ids"),
        ({"evaluators": ["test.rule"], "interaction_ids": ["00000000-0000-0000-0000-000000000009"]}, "interaction_ids"),
        ({"evaluators": ["test.rule"], "project": "x"}, "project"),
    ],
)
def test_what_cannot_be_carried_out_is_refused_with_its_field(script, call, body, field):
    status, answer = call("post", "", body)
    assert (status, answer["error"].get("field")) == (400, field)
    assert field != "most_calls" or "from 1 to" in answer["error"]["reason"]
    assert not Batch.objects.exists()


def test_a_key_without_manage_looks_and_another_projects_key_finds_nothing(script, answers, call, project):
    answers(1)
    _, asked = call("post", "", {"evaluators": ["test.rule"]})
    path = f"/{asked['id']}"
    reader = create_key(project=project, scopes=["read"])[1]
    assert call("get", path, with_key=reader)[0] == 200
    assert call("patch", path, {"action": "stop"}, with_key=reader)[0] == 403
    other = create_key(project=Project.objects.create(slug="bank", name="Bank"), scopes=["read", "manage"])[1]
    assert call("get", path, with_key=other)[0] == 404
    assert call("patch", path, {"action": "stop"}, with_key=other)[0] == 404
    assert call("get", with_key=other)[1]["results"] == []


@pytest.mark.one_store
def test_the_precision_planner_inverts_the_interval():
    assert [answers_for(half) for half in (0.1, 0.05, 0.03, 0.02)] == [93, 381, 1064, 2398]
    assert answers_for(0.05, share=0.95) < 120
