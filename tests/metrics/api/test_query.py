"""A query in a body: the answer of the GET, with the figures that are wanted, and a reason for every refusal."""

import json

import pytest
from django.test import Client

from observatory.projects.keys import create_key
from tests.trust import corpus

DAY = {"since": "2026-01-01", "until": "2026-01-02"}


@pytest.fixture
def query(shop):
    key = create_key(project=shop, scopes=["read"])[1]

    def post(body):
        raw = body if isinstance(body, bytes) else json.dumps(body)
        answer = Client().post("/api/v1/metrics/query", raw, "application/json", HTTP_AUTHORIZATION=f"Bearer {key}")
        return answer.status_code, answer.json()

    return post


def test_it_answers_as_the_address_does(calls, read, query):
    wanted = read("/test.time", by="model", where="model:m1", resolution="1h")
    asked = {"metric": "test.time", **DAY, "by": ["model"], "where": {"model": "m1"}, "resolution": "1h"}
    assert query(asked) == wanted


def test_only_the_wanted_figures_come_back(calls, query):
    status, found = query({"metric": "test.time", **DAY, "aggregates": ["p95"], "resolution": "1d"})
    assert status == 200
    assert set(found["summary"]) == {"n", "p95"}
    assert set(found["series"][0]["points"][0]) == {"start", "n", "p95"}


@pytest.mark.parametrize(
    "body, status, field, code",
    [
        ([], 400, None, "invalid"),
        ({}, 400, "metric", "invalid"),
        ({"metric": "no.such"}, 404, "metric", "not_found"),
        ({"metric": "test.time", "step": 5}, 400, "step", "unknown_parameter"),
        ({"metric": "test.time", "since": 5}, 400, "since", "invalid"),
        ({"metric": "test.time", "since": ""}, 400, "since", "invalid"),
        ({"metric": "test.time", "by": "model"}, 400, "by", "invalid"),
        ({"metric": "test.time", "by": ["colour"]}, 400, "by", "unknown_label"),
        ({"metric": "test.time", "where": ["model"]}, 400, "where", "invalid"),
        ({"metric": "test.time", "where": {"model": 1}}, 400, "where", "invalid"),
        ({"metric": "test.time", "where": []}, 400, "where", "invalid"),
        ({"metric": "test.time", "where": {"model:x": "y"}}, 400, "where", "unknown_label"),
        ({"metric": "test.time", "by": False}, 400, "by", "invalid"),
        ({"metric": "test.time", "by": ["model,model"]}, 400, "by", "unknown_label"),
        ({"metric": "test.time", "since": "0001-01-01", "until": "0001-01-02"}, 400, "since", "invalid"),
        ({"metric": "test.time", "since": "9999-12-30", "until": "9999-12-31"}, 400, "until", "invalid"),
        ({"metric": "test.time", "resolution": "2h"}, 400, "resolution", "invalid"),
        ({"metric": "test.time", "aggregates": ["p42"]}, 400, "aggregates", "unknown_aggregate"),
        ({"metric": "test.calls", "aggregates": ["p95"]}, 400, "aggregates", "unknown_aggregate"),
        (b"{", 400, None, "undecodable"),
    ],
)
def test_each_refusal_has_a_reason(calls, query, body, status, field, code):
    found = query(body)
    assert (found[0], found[1]["error"]["code"], found[1]["error"].get("field")) == (status, code, field)


@pytest.mark.parametrize(
    "body", [corpus.nested(500).encode(), b"\xff\xfe", b'{"metric": "\\ud800"}', b'{"metric": "\\u0000"}']
)
def test_hostile_bodies_are_the_callers_fault(calls, query, body):
    assert 400 <= query(body)[0] < 500
