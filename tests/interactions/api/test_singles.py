"""Single records that come at the same moment are stored together, and answered as their views answer."""

import gzip
import json
import uuid
from collections import Counter

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError
from django.test import Client

from interactions.api.native import EventsView, InteractionsView, SpansView
from interactions.api.singles import Singles
from interactions.ingest import store
from interactions.models import Event, IngestOutcome, Interaction, Payload, Span, StaleTrace
from observatory.core.serving.environ import environ_of
from observatory.projects.keys import create_key
from observatory.projects.models import ApiKey, Project

PATHS = {"/api/v1/interactions": InteractionsView, "/api/v1/events": EventsView, "/api/v1/spans": SpansView}
INTERACTIONS, EVENTS, SPANS = PATHS
ID, OTHER_ID = str(uuid.UUID(int=1)), str(uuid.UUID(int=2))

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of(key):
    """`request_of(body)` is what the server makes of a request."""

    def make(body, path=INTERACTIONS, *, key=key, query=b"", **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"host": "localhost", "authorization": f"Bearer {key}", "content-type": "application/json", **headers}
        scope = {
            "method": "POST", "path": path, "raw_path": path.encode(), "query_string": query, "scheme": "http",
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
        }  # fmt: skip
        return environ_of(scope, content)

    return make


def together(*requests):
    return [answer and (answer[0], json.loads(answer[1])) for answer in Singles(PATHS)(requests)]


def outcomes():
    found = Counter()
    for row in IngestOutcome.objects.all():
        found[row.project.slug, row.signal, row.outcome, row.reason] += row.records
    return dict(found)


def test_each_is_stored_marked_and_counted_in_the_order_of_arrival(request_of):
    answers = together(
        *(request_of({"query": f"question {number}"}) for number in range(5)),
        request_of({"type": "click"}, EVENTS),
        request_of({"trace_id": "a" * 32, "span_id": "b" * 16, "name": "step"}, SPANS),
    )
    assert {status for status, _ in answers} == {201}
    stored = Interaction.objects.order_by("id")
    assert [row.query_preview for row in stored] == [f"question {number}" for number in range(5)]
    assert [str(row.interaction_id) for row in stored] == [answer["interaction_id"] for _, answer in answers[:5]]
    assert [row.asked_at for row in stored] == sorted(row.asked_at for row in stored)
    assert answers[5][1] == {"event_id": Event.objects.get().event_id}
    assert answers[6][1] == {"span_id": "b" * 16, "trace_id": "a" * 32}
    assert Span.objects.count() == 1
    assert {mark.trace_id for mark in StaleTrace.objects.all()} == {*(row.trace_id for row in stored), "a" * 32}
    assert Payload.objects.count() == 1  # the texts of five interactions in one block
    assert outcomes() == {
        ("shop", "interactions", "stored", ""): 5,
        ("shop", "events", "stored", ""): 1,
        ("shop", "spans", "stored", ""): 1,
    }


@pytest.mark.parametrize("known_before", [False, True])
def test_a_repeated_id_answers_the_first_result_and_a_changed_body_is_a_conflict(request_of, send, known_before):
    if known_before:
        send(INTERACTIONS, {"id": ID, "query": "first"})
    first, repeated, changed, other = together(
        request_of({"id": ID, "query": "first"}),
        request_of({"query": "first", "id": ID}),
        request_of({"id": ID, "query": "second"}),
        request_of({"id": OTHER_ID, "query": "other"}),
    )
    assert first == repeated == (201, {"interaction_id": ID, "trace_id": uuid.UUID(ID).hex})
    assert changed == send(INTERACTIONS, {"id": ID, "query": "second"})
    assert (changed[0], other[0]) == (409, 201)
    assert sorted(row.query_preview for row in Interaction.objects.all()) == ["first", "other"]
    assert outcomes() == {
        ("shop", "interactions", "stored", ""): 2,
        ("shop", "interactions", "duplicate", ""): 1 + known_before,
        ("shop", "interactions", "rejected", "conflict"): 2,
    }


def test_what_is_not_plain_and_good_is_left_unread_to_its_view_and_its_neighbours_are_stored(request_of, key, project):
    reader = create_key(project=project, scopes=["read"])[1]
    revoked = create_key(project=project, scopes=["ingest"])[1]
    ApiKey.objects.filter(project=project).exclude(digest="").order_by("-id")[0].delete()
    good = {"query": "q"}
    left = [
        request_of(b"{bad"),
        request_of(b""),
        request_of([good]),
        request_of({"confidence": 2}),
        request_of({}),
        request_of(b'{"metadata":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        request_of(gzip.compress(json.dumps(good).encode()), content_encoding="gzip"),
        request_of(good, key=""),
        request_of(good, key="obs_unknown"),
        request_of(good, key=reader),
        request_of(good, key=revoked),
        request_of(good, host="elsewhere.example"),
        request_of(good, query=b"dry_run=1"),
    ]
    answers = together(request_of(good), *left, request_of(good))
    assert [answer and answer[0] for answer in answers] == [201, *[None] * len(left), 201]
    assert Interaction.objects.count() == 2
    assert outcomes() == {("shop", "interactions", "stored", ""): 2}
    assert all(request["wsgi.input"].tell() == 0 for request in left)


def test_projects_share_the_moment_and_nothing_else(request_of):
    foreign = Project.objects.create(slug="library", name="Library")
    body = {"id": ID, "query": "ours"}
    ours, theirs = together(
        request_of(body), request_of({**body, "query": "theirs"}, key=create_key(project=foreign, scopes=["ingest"])[1])
    )
    assert ours[0] == theirs[0] == 201
    assert {(row.project.slug, row.query_preview) for row in Interaction.objects.all()} == {
        ("shop", "ours"),
        ("library", "theirs"),
    }
    assert Payload.objects.count() == 2
    assert outcomes() == {
        ("shop", "interactions", "stored", ""): 1,
        ("library", "interactions", "stored", ""): 1,
    }


def test_while_the_store_is_away_the_views_say_so(request_of, monkeypatch):
    def commit(works, size):
        raise OperationalError("the database is away")

    monkeypatch.setattr(store._group, "run", commit)
    assert together(request_of({"query": "a"}), request_of({"query": "b"})) == [None, None]


@pytest.mark.one_store
def test_a_key_over_plain_http_is_left_to_its_refusal(request_of, settings):
    settings.SECURE_SSL_REDIRECT, settings.SECURE_PROXY_SSL_HEADER = True, ("HTTP_X_FORWARDED_PROTO", "https")
    plain, secure = together(request_of({"query": "a"}), request_of({"query": "b"}, x_forwarded_proto="https"))
    assert (plain, secure[0]) == (None, 201)


@pytest.mark.one_store
@pytest.mark.parametrize("path", PATHS)
def test_its_answers_are_those_of_the_view_whose_headers_are_the_same_for_all(request_of, key, path):
    body = {"id": ID, "type": "click", "trace_id": "a" * 32, "span_id": "b" * 16, "name": "step"}
    changed = {**body, "release": "2"}
    stored, refused = (
        Client().post(path, data=one, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {key}")
        for one in (body, changed)
    )
    assert Singles(PATHS)([request_of(body, path), request_of(changed, path)]) == [
        (201, stored.content),
        (409, refused.content),
    ]
    assert {**stored.headers, "Content-Length": None} == {**refused.headers, "Content-Length": None}


def test_what_was_committed_though_the_store_did_not_say_so_is_not_stored_again_by_its_view(request_of, key, monkeypatch):
    commit = store._group.run

    def commit_and_lose_the_connection(works, size):
        commit(works, size)
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(store._group, "run", commit_and_lose_the_connection)
    request = request_of({"query": "a"})
    assert together(request) == [None]
    monkeypatch.setattr(store._group, "run", commit)
    status, content = _by_the_view(request)
    assert (status, Interaction.objects.count()) == (201, 1)
    assert content["interaction_id"] == str(Interaction.objects.get().interaction_id)
    assert outcomes() == {("shop", "interactions", "stored", ""): 1, ("shop", "interactions", "duplicate", ""): 1}


def _by_the_view(request):
    response = InteractionsView.as_view()(WSGIRequest(request))
    return response.status_code, response.data
