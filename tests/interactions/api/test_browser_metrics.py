"""POST /api/metrics/client."""

import pytest
from django.test import Client

from interactions.models import Event
from observatory.projects.keys import create_key

PATH = "/api/metrics/client"
EXAMPLES = {
    "gesture_recognition": {"sessionId": "s", "confidence": 0.9, "processingTime": 31, "landmarks": 21, "success": True},
    "user_interaction": {"sessionId": "s", "action": "click", "component": "send", "duration": 12, "metadata": {"a": 1}},
    "performance": {"pageLoadTime": 1200.5, "domContentLoaded": 800, "firstPaint": 300, "memoryUsage": 12e6},
    "error": {"message": "x is undefined", "severity": "high", "component": "camera", "sessionId": "s", "userId": "u"},
    "user_journey_completion": {"sessionId": "s", "completionRate": 80, "step": "answer_received"},
    "question_category": {"category": "academic", "questionLength": 44},
    "user_feedback": {"sessionId": "s", "qnaLogId": 7, "rating": 4, "feedbackText": "good", "helpful": True},
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(project):
    project.allowed_origins = ["https://app.example.com"]
    project.save()
    key = create_key(project=project, scopes=["feedback"])[1]

    def post(data, origin="https://app.example.com"):
        return Client().post(PATH, data, content_type="application/json", HTTP_X_API_KEY=key, HTTP_ORIGIN=origin)

    return post


@pytest.mark.parametrize("kind", EXAMPLES)
def test_each_type_is_kept_as_it_came(page, kind):
    assert page({"type": kind, "data": EXAMPLES[kind], "timestamp": 1_700_000_000_123}).status_code == 201
    event = Event.objects.get()
    assert (event.type, event.data) == (kind, EXAMPLES[kind])
    assert event.session_id == EXAMPLES[kind].get("sessionId", "")
    assert event.occurred_at.isoformat() == "2023-11-14T22:13:20.123000+00:00"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"type": "nope", "data": {}}, "type"),
        ({"type": "error"}, "data"),
        ({"type": "error", "data": {"severity": "fatal"}}, "data.severity"),
        ({"type": "gesture_recognition", "data": {"confidence": 2}}, "data.confidence"),
        ({"type": "user_feedback", "data": {"rating": 6}}, "data.rating"),
    ],
)
def test_a_wrong_message_names_the_field(page, data, field):
    response = page(data)
    assert (response.status_code, response.json()["error"]["field"]) == (400, field)


def test_only_listed_origins_may_send(page):
    allowed = page({"type": "performance", "data": {}})
    assert allowed["Access-Control-Allow-Origin"] == "https://app.example.com"
    foreign = page({"type": "performance", "data": {}}, origin="https://evil.example.com")
    assert foreign.status_code == 403
    assert "Access-Control-Allow-Origin" not in foreign


def test_a_preflight_is_answered_without_a_key(page):
    answer = Client().options(PATH, HTTP_ORIGIN="https://app.example.com", HTTP_ACCESS_CONTROL_REQUEST_METHOD="POST")
    assert answer.status_code == 204
    assert "authorization" in answer["Access-Control-Allow-Headers"]


def test_a_list_is_stored_one_by_one(page):
    good, bad = {"id": "m1", "type": "performance", "data": {"pageLoadTime": 5}}, {"type": "nope", "data": {}}
    answer = page([good, bad, good])
    assert answer.status_code == 207
    assert [result["status"] for result in answer.json()["results"]] == [201, 400, 201]
    assert answer.json()["results"][0]["event_id"] == "m1"
    assert Event.objects.get().data == {"pageLoadTime": 5}


def test_a_list_from_a_foreign_origin_is_refused(page):
    assert page([{"type": "performance", "data": {}}], origin="https://evil.example.com").status_code == 403
    assert not Event.objects.exists()


def test_a_large_message_is_refused(page):
    message = {"type": "error", "data": {"message": "x" * 70_000}}
    answer = page(message)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    answer = page([message, {"type": "performance", "data": {}}])
    assert [result["status"] for result in answer.json()["results"]] == [400, 201]
    assert Event.objects.get().type == "performance"


def test_a_large_body_is_refused_before_it_is_read(page):
    answer = page([{"type": "error", "data": {"message": "x" * 60_000}}] * 20)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
    assert not Event.objects.exists()


def test_a_list_of_usual_size_is_stored(page):
    answer = page([{"type": "error", "data": {"message": "x" * 15_000}}] * 50)
    assert {result["status"] for result in answer.json()["results"]} == {201}
