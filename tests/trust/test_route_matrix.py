"""Who may do what: every route of the URL conf against every sort of key and person, as two tables in this folder.

A route or method that is not in its table fails. A cell that changes is a change of who sees what: look before you edit.
"""

import difflib
import itertools
import json
import uuid
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.db import connection

from feedback.models import Score
from interactions.models import Erasure, Event, Interaction, Price, Span
from observatory.projects.models import ApiKey, Membership, Project
from reports.models import Board
from tests.trust.bare_client import BareClient
from tests.trust.conftest import OUR_FEEDBACK, OUR_INTERACTION, OUR_SESSION, OUR_TRACE, OUR_USER
from tests.trust.objects import model_of, objects_of, shared_objects, values_for
from tests.trust.routes import admin_routes, api_routes

pytestmark = pytest.mark.django_db
KEYS = ("none", "ingest", "feedback", "read", "manage", "foreign", "revoked", "expired")
PEOPLE = ("nobody", "visitor", "viewer", "editor", "owner", "foreign", "superuser")
PROTOBUF = "application/x-protobuf"
QUERIES = {
    "/admin/live/": "?project=ours",
    "/admin/live/snapshot/": "?project=ours",
    "/admin/live/stream/": "?project=ours",
    "/admin/metrics/series/metric/": "?project=ours&name=interactions.count",
    "/admin/metrics/series/health/retry/": "?project=ours",
    "/admin/interactions/interaction/trace/": f"?project=ours&id={OUR_TRACE}",
    "/admin/interactions/interaction/session/": f"?project=ours&id={OUR_SESSION}",
    "/admin/interactions/interaction/user/": f"?project=ours&id={OUR_USER}",
    "/admin/feedback/judge/": "?project=ours",
    "/admin/feedback/judge/test/": "?project=ours",
    "/admin/feedback/judge/disconnect/": "?project=ours",
    "/admin/feedback/batch/add/": "?project=ours",
    "/admin/feedback/batch/again/": "?project=ours",
    "/admin/feedback/batch/failures/": "?project=ours",
    "/admin/feedback/evaluatorsetting/add/": "?project=ours",
    "/admin/feedback/evaluatorsetting/edit/": "?project=ours&name=estimate",
    "/admin/feedback/evaluatorsetting/remove/": "?project=ours&name=estimate",
    "/admin/reports/board/view/": "?project=ours&name=overview",
    "/admin/reports/board/compose/": "?project=ours",
    "/admin/reports/board/remove/": "?project=ours",
    "/admin/reports/board/panel.csv": "?project=ours&panel=requests",
    "/admin/reports/board/board.zip": "?project=ours&name=overview",
}
# What stands for the parameters of the API's paths.
PARTS = {
    "trace_id": OUR_TRACE,
    "session_id": OUR_SESSION,
    "user_id": "u1",
    "name": "interactions.count",
    "erasure_id": 10**9,
    "evaluation_id": 10**9,
    "feedback_id": OUR_FEEDBACK,
}
serial = itertools.count(1)


def bodies() -> dict[str, dict]:
    """A good request for each route that takes one, new each time."""
    number = next(serial)
    span = {
        "traceId": f"{number:032x}", "spanId": f"{number:016x}", "name": "s", "startTimeUnixNano": "1700000000000000000",
        "endTimeUnixNano": "1700000001000000000",
    }  # fmt: skip
    traces = {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}
    return {
        "/api/v1/interactions": {"id": str(uuid.UUID(int=number)), "query": "q"},
        "/api/v1/events": {"id": str(number), "type": "click"},
        "/api/v1/spans": {"trace_id": f"{number:032x}", "span_id": f"{number:016x}", "name": "s"},
        "/api/metrics/client": {"type": "performance", "data": {"pageLoadTime": number}, "id": f"b{number}"},
        "/api/v1/chat/feedback": {"interaction_id": OUR_INTERACTION, "rating": 5},
        **{f"{root}/feedback/explicit": {"session_id": "s", "rating": 5} for root in ("", "/api/v1")},
        **{f"{root}/feedback/implicit": {"session_id": "s", "signal": "click"} for root in ("", "/api/v1")},
        "/api/v1/scores": {"session_id": "s", "name": "n", "value": number},
        "/api/public/scores": {"sessionId": "s", "name": "n", "value": number},
        "/api/public/ingestion": {
            "batch": [{"id": str(number), "type": "score-create", "body": {"sessionId": "s", "name": "n", "value": number}}]
        },
        "/v1/traces": traces,
        "/api/public/otel/v1/traces": traces,
        "/v1/logs": {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": {"stringValue": str(number)}}]}]}]},
        "/v1/metrics": {"resourceMetrics": []},
        "/api/v1/erasures": {"user_id": "nobody"},
        "/api/v1/evaluations": {"evaluators": ["estimate"]},
        "/api/v1/evaluations/plan": {"evaluators": ["estimate"]},
        "/api/v1/metrics/query": {"metric": "interactions.count"},
    }


def call(client: BareClient, method: str, path: str, body: object = None, **headers: str):
    return client.generic(
        method, path, b"" if body is None else json.dumps(body).encode(), content_type="application/json", **headers
    )


def stored() -> tuple[int, ...]:
    """How many rows there are, in one query: it is asked before and after each of thousands of requests."""
    models = (Span, Interaction, Event, ApiKey, Price, Project, Membership, Erasure, Board, Score)
    counts = ", ".join(f"(SELECT count(*) FROM {model._meta.db_table})" for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return cursor.fetchone()


def table_of(columns: Iterable[str], rows: dict[tuple[str, str], list[int]]) -> str:
    columns = list(columns)
    width = max(len(path) for _, path in rows) + 1
    lines = [f"{'method':8}{'path':{width}}" + " ".join(columns)]
    for (method, path), cells in rows.items():
        numbers = " ".join(f"{cell:>{len(name)}}" for cell, name in zip(cells, columns, strict=True))
        lines.append(f"{method:8}{path:{width}}{numbers}")
    return "\n".join(lines) + "\n"


def assert_table(found: str, name: str) -> None:
    expected = (Path(__file__).parent / name).read_text()
    changes = difflib.unified_diff(
        expected.splitlines(), found.splitlines(), f"expected in {name}", "found", n=0, lineterm=""
    )
    assert found == expected, "\n".join(changes)


def test_every_route_answers_each_key_as_the_table_says(team, facts):
    rows = {}
    client = BareClient(raise_request_exception=False)
    for route in api_routes():
        path = route.path(**PARTS)
        for method in route.methods:
            rows[method, route.pattern] = [_key_cell(client, team, method, path, name) for name in KEYS]
    assert_table(table_of(KEYS, rows), "api_routes.txt")


def _key_cell(client, team, method: str, path: str, name: str) -> int:
    before = stored()
    body = bodies().get(path) if method == "POST" else None
    status = call(client, method, path, body, **team.headers(name)).status_code
    assert status < 500, (method, path, name)
    if status >= 400 or method != "POST":
        assert stored() == before, f"{method} {path} with {name}: answered {status} and wrote"
    return status


def test_no_route_answers_a_method_that_it_does_not_list(team):
    client = BareClient(raise_request_exception=False)
    for route in (route for route in api_routes() if route.takes_keys):
        path = route.path(**PARTS)
        for method in {"POST", "PUT", "PATCH", "DELETE", "TRACE"} - set(route.methods):
            for name in KEYS:
                status = call(client, method, path, {}, **team.headers(name)).status_code
                assert status in {401, 403, 405}, f"{method} {path} with {name}: {status}"


@pytest.mark.parametrize("name", PEOPLE)
def test_every_page_answers_each_person_as_the_table_says(team, people, facts, name):
    # Who sees our objects; foreign objects are told apart from unknown ones below.
    objects = objects_of(team.ours) | shared_objects(people["owner"])
    client = _client(people[name])
    rows = {}
    for route in admin_routes():
        path = route.path(**values_for(objects.get(model_of(route))))
        for method in route.methods:
            rows[method, route.pattern] = [_person_cell(client, method, path + QUERIES.get(path, ""))]
    assert_column(name, rows)


def assert_column(name: str, rows: dict[tuple[str, str], list[int]]) -> None:
    """Hold the cells of one person against the table, whose other columns are left as they are."""
    head, *lines = (Path(__file__).parent / "admin_routes.txt").read_text().splitlines()
    assert head.split()[2:] == list(PEOPLE)
    expected = {(method, path): cells for method, path, *cells in map(str.split, lines)}
    place, unknown = PEOPLE.index(name), ["?"] * len(PEOPLE)
    found = {key: [*expected.get(key, unknown)] for key in rows}
    for key, cells in rows.items():
        found[key][place] = cells[0]
    assert_table(table_of(PEOPLE, found), "admin_routes.txt")


def _client(user) -> BareClient:
    client = BareClient(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    client.person = user
    return client


def _person_cell(client: BareClient, method: str, path: str) -> int:
    if "logout" in path:
        client = _client(client.person)
    before = stored()
    status = client.generic(method, path).status_code
    assert status < 500, (method, path, client.person)
    assert stored() == before, f"{method} {path} as {client.person}: wrote without a form"
    return status
