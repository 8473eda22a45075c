"""POST /api/v1/interactions."""

import uuid

import pytest
from django.test import Client

PATH = "/api/v1/interactions"
ID = "7f3f2f0e-55a8-4d0c-9f2b-0d6f8f7d4c11"

pytestmark = pytest.mark.django_db


def test_one_object_is_stored_and_read_back_with_its_price(send, read):
    status, answer = send(
        PATH, {"query": "What is RAG?", "model": "gemini-1.5-pro", "prompt_tokens": 8234, "completion_tokens": 312}
    )
    assert status == 201
    _, page = read(PATH)
    (row,) = page["results"]
    assert row["interaction_id"] == answer["interaction_id"]
    assert (row["query_preview"], row["input_tokens"], row["output_tokens"]) == ("What is RAG?", 8234, 312)
    assert row["cost_usd"] == 0.00114625


def test_a_repeated_id_answers_the_first_result_and_a_changed_body_is_a_conflict(send, read):
    first = send(PATH, {"id": ID, "query": "a", "answer": "b"})
    again = send(PATH, {"answer": "b", "query": "a", "id": ID})
    assert first == again == (201, {"interaction_id": ID, "trace_id": uuid.UUID(ID).hex})
    status, answer = send(PATH, {"id": ID, "query": "other"})
    assert (status, answer["error"]["code"]) == (409, "conflict")
    assert [row["query_preview"] for row in read(PATH)[1]["results"]] == ["a"]


def test_a_list_stores_the_good_and_names_what_is_wrong_with_the_bad(send, read):
    status, answer = send(
        PATH, [{"query": "a"}, {"confidence": 2}, 5, {"query": "b"}, {"passages": [{"text": "a"}, {"score": "x"}]}]
    )
    assert status == 207
    assert [result["status"] for result in answer["results"]] == [201, 400, 400, 201, 400]
    assert [result.get("error", {}).get("field") for result in answer["results"]] == [
        None,
        "confidence",
        None,
        None,
        "passages[1].score",
    ]
    assert {row["query_preview"] for row in read(PATH)[1]["results"]} == {"a", "b"}


def test_a_list_beyond_the_limit_is_refused_whole(send, read):
    status, answer = send(PATH, [{"query": "a"}] * 1001)
    assert (status, answer["error"]["code"]) == (413, "too_many")
    assert read(PATH)[1]["results"] == []


def test_a_cost_that_the_client_gives_stands(send, read):
    send(PATH, {"model": "gemini-1.5-pro", "input_tokens": 1000, "cost_usd": "0.42"})
    assert read(PATH)[1]["results"][0]["cost_usd"] == 0.42


def test_an_unknown_model_has_no_cost_and_a_visible_gap(send, read, project):
    from interactions.reading.health import pricing_gaps

    send(PATH, {"model": "in-house-7b", "input_tokens": 1000})
    assert read(PATH)[1]["results"][0]["cost_usd"] is None
    assert [gap.model for gap in pricing_gaps(project.id)] == ["in-house-7b"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "not-a-uuid"),
        ("input_tokens", -1),
        ("input_tokens", 2**31),
        ("input_tokens", True),
        ("latency_ms", "fast"),
        ("confidence", 1.01),
        ("asked_at", "yesterday"),
        ("status", "maybe"),
        ("tags", "a"),
        ("metadata", []),
        ("cost_usd", "NaN"),
        ("query", {"a": 1}),
        ("answer", 5),
        ("passages", 3),
    ],
)
def test_a_wrong_field_is_named(send, field, value):
    status, answer = send(PATH, {"query": "q", field: value})
    assert status == 400
    assert answer["error"]["field"] == field
    assert answer["error"]["reason"]


@pytest.mark.parametrize(
    ("body", "field", "said"),
    [
        ({"error": 5}, "error", "not a number"),
        ({"passages": ["text", [1]]}, "passages[1]", "not a list"),
        ({"passages": [None]}, "passages[0]", "not null"),
        ({"cost_usd": -1}, "cost_usd", "from 0 to less than 100,000,000"),
        ({"cost_usd": 1e50}, "cost_usd", "from 0 to less than 100,000,000"),
        (5, None, "interaction: expected a JSON object, not a number"),
    ],
)
def test_a_refusal_says_where_and_what(send, body, field, said):
    status, answer = send(PATH, body)
    assert (status, answer["error"]["code"], answer["error"].get("field")) == (400, "invalid", field)
    assert said in answer["error"]["reason"]


def test_an_item_that_is_no_object_is_told_by_its_index(send):
    _, answer = send(PATH, [[], None, True, {"query": "q"}])
    assert [(one["index"], one["status"]) for one in answer["results"]] == [(0, 400), (1, 400), (2, 400), (3, 201)]
    reasons = [one["error"]["reason"].rpartition(", ")[2] for one in answer["results"][:3]]
    assert reasons == ["not a list", "not null", "not true or false"]


@pytest.mark.parametrize("number", ["9" * 10_000, "9" * 400, "-1e999"])
@pytest.mark.parametrize("field", ["latency_ms", "input_tokens", "cost_usd", "asked_at", "user_id", "tags"])
def test_a_number_that_no_double_holds_costs_its_record_only(key, number, field):
    body = f'[{{"query": "q", "{field}": {number}}}, {{"query": "q", "metadata": {{"large": {number}}}}}]'
    answer = Client().post(PATH, body, content_type="application/json", HTTP_AUTHORIZATION=key)
    refused, stored = answer.json()["results"]
    assert (refused["status"], refused["error"]["field"], stored["status"]) == (400, field, 201)


@pytest.mark.parametrize("neighbour", ['{"cost_usd": 1e999}', '{"query": "\\ud83d"}'])
def test_a_record_is_the_same_whatever_its_neighbours_are(key, neighbour):
    record = f'{{"id": "{uuid.uuid4()}", "metadata": {{"large": 100000000000000000000}}}}'
    for other in (neighbour, '{"query": "mended"}'):
        answer = Client().post(PATH, f"[{record}, {other}]", content_type="application/json", HTTP_AUTHORIZATION=key)
        assert answer.json()["results"][0]["status"] == 201


def test_nul_and_lone_surrogates_are_replaced(send, read, key):
    body = rb'{"query": "a\u0000b\ud800c", "metadata": {"\u0000k": "\udfff"}, "session_id": "s\u0000"}'
    assert Client().post(PATH, body, content_type="application/json", HTTP_AUTHORIZATION=key).status_code == 201
    row = read(PATH)[1]["results"][0]
    assert (row["query_preview"], row["session_id"]) == ("a\ufffdb\ufffdc", "s\ufffd")
    assert read(f"/api/v1/traces/{row['trace_id']}")[1]["interactions"][0]["metadata"] == {"\ufffdk": "\ufffd"}


def test_a_time_in_the_future_is_kept_and_flagged(send, read):
    send(PATH, {"query": "later", "asked_at": "2999-01-01T00:00:00Z"})
    send(PATH, {"query": "now"})
    flags = {row["query_preview"]: row["is_future_dated"] for row in read(PATH)[1]["results"]}
    assert flags == {"later": True, "now": False}


BEYOND = ["9999-12-31T23:59:59+00:00", "9000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "0001-01-01", -1, 221_845_392_000_000]


@pytest.mark.parametrize("value", BEYOND)
@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        (PATH, {"query": "q"}, "asked_at"),
        ("/api/v1/events", {"type": "chat.start"}, "occurred_at"),
        ("/api/v1/spans", {"trace_id": "t", "name": "call"}, "started_at"),
        ("/api/v1/spans", {"trace_id": "t", "name": "call"}, "ended_at"),
        ("/api/v1/scores", {"name": "n", "value": 1, "session_id": "s"}, "occurred_at"),
    ],
)
def test_a_time_at_which_nothing_can_have_been_is_refused(send, path, body, field, value):
    status, answer = send(path, body | {field: value})
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (400, "invalid", field)
    assert "from 1970 to 8999" in answer["error"]["reason"]


def test_a_span_that_would_begin_before_1970_is_refused(send):
    body = {"trace_id": "t", "name": "call", "ended_at": "1970-01-01T00:00:01Z", "duration_ms": 2_000}
    status, answer = send("/api/v1/spans", body)
    assert (status, answer["error"]["field"]) == (400, "duration_ms")
    assert send("/api/v1/spans", body | {"duration_ms": 1_000})[0] == 201


SPAN = {"trace_id": "t", "name": "call", "span_id": "b7ad6b7169203331"}


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/api/v1/spans", {**SPAN, "started_at": "2026-01-01T00:00:01Z", "ended_at": "2026-01-01"}, "ended_at"),
        ("/api/v1/spans", {**SPAN, "started_at": 2, "ended_at": 1, "duration_ms": 5}, "ended_at"),
        ("/api/v1/spans", {**SPAN, "parent_span_id": SPAN["span_id"]}, "parent_span_id"),
        ("/api/v1/spans", {**SPAN, "parent_span_id": SPAN["span_id"].upper()}, "parent_span_id"),
        (PATH, {"id": ID, "interaction_id": str(uuid.UUID(int=1)), "query": "q"}, "interaction_id"),
    ],
)
def test_what_contradicts_itself_is_refused(send, path, body, field):
    status, answer = send(path, body)
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (400, "invalid", field)


def test_one_id_under_both_names_and_a_span_without_length_are_taken(send):
    assert send(PATH, {"id": ID, "interaction_id": ID.upper(), "query": "q"})[1]["interaction_id"] == ID
    assert send("/api/v1/spans", {**SPAN, "started_at": 1, "ended_at": 1})[0] == 201


def test_a_number_is_a_label_but_neither_a_text_nor_a_uuid(send, read):
    assert send(PATH, {"query": "q", "user_id": 12, "release": 1.5, "tags": [1, "a"]})[0] == 201
    row = read(PATH)[1]["results"][0]
    assert (row["user_id"], row["release"], row["tags"]) == ("12", "1.5", ["1", "a"])
    assert send("/api/v1/events", {"type": 5, "id": 7}) == (201, {"event_id": "7"})
    assert read("/api/v1/events")[1]["results"][0]["type"] == "5"
    for field, value, said in (("query", 5, "a text"), ("id", 5, "a UUID"), ("tags", ["a", True], "a text")):
        status, answer = send(PATH, {"query": "q", field: value})
        assert (status, answer["error"]["field"].partition("[")[0]) == (400, field)
        assert answer["error"]["reason"] == f"expected {said}"


@pytest.mark.parametrize("value", ["1970-01-01", 0, "8999-12-31T23:59:59.999999Z", 221_845_391_999_999])
def test_the_first_and_the_last_moment_that_are_taken_are_counted_for_good(send, read, project, value):
    from django.utils import timezone

    from interactions.digest.user_days import refresh
    from observatory.metrics.models import StaleBucket
    from observatory.metrics.rollup.rebuild import mark_all_stale
    from observatory.metrics.rollup.run import roll_up

    assert send(PATH, {"query": "q", "answer": "a", "user_id": "ann", "asked_at": value})[0] == 201
    assert len(read(PATH)[1]["results"]) == 1
    refresh()
    assert mark_all_stale()
    roll_up(now=timezone.now())
    assert not StaleBucket.objects.exists()


def test_unknown_fields_are_kept_as_attributes(send, read):
    _, answer = send(PATH, {"query": "q", "shoe_size": 43})
    whole = read(f"/api/v1/traces/{answer['trace_id']}")[1]
    assert whole["interactions"][0]["attributes"] == {"shoe_size": 43}


def test_an_id_of_our_own_making_is_no_id_to_send(send, read):
    send("/api/v1/spans", {"trace_id": "t", "name": "call", "kind": "llm"})
    (row,) = read(PATH)[1]["results"]
    status, answer = send(PATH, {"id": row["interaction_id"], "query": "mine"})
    assert (status, answer["error"]["code"]) == (409, "conflict")
