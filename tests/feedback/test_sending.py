"""POST of feedback: what people say and do, by its API."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from feedback.models import Score, Source
from feedback.submit import Rating, submit
from feedback.waiting import tie
from interactions.models import IngestOutcome, Interaction
from observatory.projects.keys import create_key

CHAT, EXPLICIT, IMPLICIT = "/api/v1/chat/feedback", "/feedback/explicit", "/feedback/implicit"
ID = "0b6f3d1e-6f0a-4d1c-9a7e-2f7a4c0f5e11"

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(send):
    body = {"id": ID, "query": "q", "answer": "a", "user_id": "u1", "model": "m", "confidence": 0.5}
    assert send("/api/v1/interactions", body)[0] == 201
    return ID


def table(*columns):
    return sorted(Score.objects.values_list(*columns))


def test_a_rating_is_stored_with_what_its_answer_says(send, answer):
    status, said = send(CHAT, {"interaction_id": answer, "rating": 2, "comment": "Wrong.", "category": "facts"})
    assert (status, list(said)) == (201, ["feedback_id"])
    row = Score.objects.get(score_id=said["feedback_id"])
    assert (row.source, row.name, row.value, row.comment, row.label) == (Source.USER, "rating", 2.0, "Wrong.", "facts")
    assert (row.user_id, row.model, row.confidence, row.is_waiting) == ("u1", "m", 0.5, False)


def test_a_user_who_rates_again_replaces_the_rating(send, answer):
    ids = {
        send(CHAT, {"interaction_id": answer, "rating": 2, "comment": "Wrong."})[1]["feedback_id"],
        send(CHAT, {"interaction_id": answer, "rating": 5, "user_id": "u1"})[1]["feedback_id"],
        send(EXPLICIT, {"trace_id": answer.replace("-", ""), "rating": 4, "helpful": True})[1]["feedback_id"],
    }
    assert len(ids) == 1
    assert table("value", "comment", "parts") == [(4.0, "", {"thumbs": 1.0})]
    other = send(CHAT, {"interaction_id": answer, "rating": 1, "user_id": "u2"})[1]["feedback_id"]
    assert other not in ids
    assert table("user_id", "value") == [("u1", 4.0), ("u2", 1.0)]


def test_of_one_list_the_last_of_an_answer_counts_by_whichever_id_it_is_named(send, answer):
    said = [{"trace_id": answer.replace("-", ""), "rating": 2}, {"interaction_id": answer, "rating": 5, "user_id": "u1"}]
    assert send(EXPLICIT, said)[0] == 207
    assert table("value", "user_id") == [(5.0, "u1")]


@pytest.mark.parametrize(
    "change, field",
    [
        ({"rating": 0}, "rating"),
        ({"rating": 6}, "rating"),
        ({"rating": 3.5}, "rating"),
        ({"rating": "5"}, "rating"),
        ({"rating": True}, "rating"),
        ({"rating": None}, "rating"),
        ({"rating": 10**30}, "rating"),
        ({"rating": [1]}, "rating"),
        ({"interaction_id": "17"}, "interaction_id"),
        ({"interaction_id": None}, "interaction_id"),
        ({"comment": "x" * 2001}, "comment"),
        ({"comment": {"a": 1}}, "comment"),
        ({"user_id": "x" * 129}, "user_id"),
        ({"helpful": "maybe"}, "helpful"),
        ({"category": ["x"]}, "category"),
        ({"occurred_at": "yesterday"}, "occurred_at"),
        ({"metadata": "x"}, "metadata"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_stored(send, answer, change, field):
    status, said = send(CHAT, {"interaction_id": answer, "rating": 5, **change})
    assert (status, said["error"]["field"]) == (400, field)
    assert not Score.objects.exists()


def test_bodies_that_are_no_feedback_are_refused(send, answer, key):
    deep = [[]]
    for _ in range(200):
        deep = [deep]
    refused = {
        "list": send(CHAT, [])[0],
        "deep": send(CHAT, {"interaction_id": answer, "rating": 5, "metadata": {"a": deep}})[0],
        "large": send(CHAT, {"interaction_id": answer, "rating": 5, "more": "x" * 20_000})[0],
        "nothing said": send(EXPLICIT, {"interaction_id": answer})[0],
        "of nothing": send(EXPLICIT, {"rating": 5})[0],
        "no signal": send(IMPLICIT, {"interaction_id": answer, "signal": "shout"})[0],
    }
    assert refused == {"list": 400, "deep": 400, "large": 413, "nothing said": 400, "of nothing": 400, "no signal": 400}
    for text in (b'{"interaction_id": "%s", "rating": NaN}' % answer.encode(), b"{", b""):
        response = Client().post(CHAT, text, content_type="application/json", HTTP_X_API_KEY=key)
        assert response.json()["error"]["code"] == "undecodable"
    assert not Score.objects.exists()


def test_text_that_no_store_takes_is_replaced(key, answer):
    text = f'{{"interaction_id": "{answer}", "rating": 5, "comment": "a\\u0000b\\ud83d", "user_id": "\\ud800", "x": 1e400}}'
    assert Client().post(CHAT, text, content_type="application/json", HTTP_X_API_KEY=key).status_code == 201
    assert table("comment", "user_id") == [("a\ufffdb\ufffd", "\ufffd")]


def test_a_foreign_interaction_is_an_unknown_one(send, answer, project):
    other = type(project).objects.create(slug="other", name="Other")
    key = create_key(project=other, scopes=["feedback"])[1]
    assert send(CHAT, {"interaction_id": answer, "rating": 5}, HTTP_AUTHORIZATION=f"Bearer {key}")[0] == 404
    assert send(CHAT, {"interaction_id": str(uuid.uuid4()), "rating": 5})[0] == 404
    assert not Score.objects.exists()


def test_feedback_that_comes_first_waits_for_its_answer(send, project):
    said = {"interaction_id": ID, "thumbs": "down", "model_version": "2"}
    first = send(EXPLICIT, said)
    assert (first[0], first[1]["is_waiting"]) == (202, True)
    assert send(EXPLICIT, said) == first
    assert send(IMPLICIT, {"trace_id": "t-1", "signal": "click"})[0] == 202
    send("/api/v1/interactions", {"id": ID, "user_id": "u1", "model_version": "3"})
    tie(project.pk, Interaction.objects.all(), now=timezone.now())
    status, tied = send(EXPLICIT, said)
    assert (status, tied) == (201, {**first[1], "is_waiting": False})
    tie(project.pk, Interaction.objects.all(), now=timezone.now())
    assert table("name", "user_id", "model_version", "value") == [
        ("rating", "u1", "2", None),
        ("signal.click", "", "", 1.0),
    ]


def test_a_list_has_a_result_for_each_and_a_retry_changes_nothing(send, answer):
    said = [
        {"interaction_id": answer, "signal": "re-query"},
        {"interaction_id": answer, "signal": "nothing"},
        {"session_id": "s1", "signal": "share", "id": "a"},
        {"session_id": "s1", "signal": "share", "id": "b", "occurred_at": "2100-01-01T00:00:00Z"},
        {"interaction_id": answer, "signal": "requery"},
    ]
    status, first = send(IMPLICIT, said)
    assert (status, [one["status"] for one in first["results"]]) == (207, [201, 400, 201, 201, 201])
    assert send(IMPLICIT, said)[1] == first
    assert table("name", "value", "session_id") == [
        ("signal.requery", 0.0, ""),
        ("signal.share", 1.0, "s1"),
        ("signal.share", 1.0, "s1"),
    ]
    counted = IngestOutcome.objects.filter(signal="feedback").values_list("outcome", "reason", "records")
    assert sorted(counted) == [("rejected", "invalid", 1)] * 2 + [("stored", "", 4)] * 2


def test_a_list_is_not_longer_than_the_setting(send, settings):
    settings.OBSERVATORY = {**settings.OBSERVATORY, "OBSERVATORY_MAX_BATCH": 1}
    assert send(EXPLICIT, [{}, {}])[0] == 413


@pytest.mark.one_store
def test_a_web_page_may_send_from_the_origins_of_the_project(project, answer):
    project.allowed_origins = ["https://app.example.com"]
    project.save()
    key = create_key(project=project, scopes=["feedback"])[1]

    def post(origin):
        body = {"interaction_id": answer, "rating": 5}
        return Client().post(CHAT, body, content_type="application/json", HTTP_X_API_KEY=key, HTTP_ORIGIN=origin)

    assert post("https://app.example.com")["Access-Control-Allow-Origin"] == "https://app.example.com"
    assert post("https://evil.example.com").status_code == 403
    preflight = Client().options(CHAT, HTTP_ORIGIN="https://app.example.com")
    assert (preflight.status_code, preflight["Access-Control-Allow-Methods"]) == (204, "POST")


@pytest.mark.django_db(transaction=True)
def test_two_ratings_at_once_are_one(project, answer):
    def rate(value):
        try:
            now = timezone.now()
            said = [
                Rating(at=now, interaction_id=uuid.UUID(answer), value=value),
                Rating(at=now, interaction_id=uuid.UUID(answer), user_id="u2", value=value),
            ]
            return [one.feedback_id for one in submit(project_id=project.pk, said=said[:: 1 if value % 2 else -1], now=now)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(rate, [1, 2, 3, 4, 5, 1, 2, 3])]
    assert {one for ids in found for one in ids} == {row for (row,) in table("score_id")}
    assert table("user_id") == [("u1",), ("u2",)]
