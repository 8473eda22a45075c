"""Who may do what: every route of the URL conf against every sort of key and person, as two tables in this folder.

A route or method that is not in its table fails. A cell that changes is a change of who sees what: look before you edit.
"""

import difflib
import itertools
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from interactions.models import ArchiveFile, Erasure, Event, IngestOutcome, Interaction, Price, Span
from observatory.metrics.models import Series
from observatory.projects.models import ApiKey
from tests.trust.conftest import OUR_SESSION, OUR_TRACE
from tests.trust.routes import Route, admin_routes, api_routes

pytestmark = pytest.mark.django_db
KEYS = ("none", "ingest", "feedback", "read", "manage", "foreign", "revoked", "expired")
PEOPLE = ("nobody", "visitor", "viewer", "owner", "foreign", "superuser")
PROTOBUF = "application/x-protobuf"
QUERIES = {
    "/admin/metrics/series/metric/": "?project=ours&name=interactions.count",
    "/admin/metrics/series/health/retry/": "?project=ours",
    "/admin/interactions/interaction/trace/": f"?project=ours&id={OUR_TRACE}",
    "/admin/interactions/interaction/session/": f"?project=ours&id={OUR_SESSION}",
}
# What stands for the parameters of the API's paths.
PARTS = {
    "trace_id": OUR_TRACE,
    "session_id": OUR_SESSION,
    "user_id": "u1",
    "name": "interactions.count",
    "erasure_id": 10**9,
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
        "/v1/traces": traces,
        "/api/public/otel/v1/traces": traces,
        "/v1/logs": {"resourceLogs": [{"scopeLogs": [{"logRecords": [{"body": {"stringValue": str(number)}}]}]}]},
        "/v1/metrics": {"resourceMetrics": []},
        "/api/v1/erasures": {"user_id": "nobody"},
        "/api/v1/metrics/query": {"metric": "interactions.count"},
    }


def call(client: Client, method: str, path: str, body: object = None, **headers: str):
    return client.generic(
        method, path, b"" if body is None else json.dumps(body).encode(), content_type="application/json", **headers
    )


def stored() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Span, Interaction, Event, ApiKey, Price))


def table_of(columns: Iterable[str], rows: dict[tuple[str, str], list[int]]) -> str:
    columns = list(columns)
    width = max(len(path) for _, path in rows) + 1
    lines = [f"{'method':8}{'path':{width}}" + " ".join(columns)]
    for (method, path), cells in rows.items():
        numbers = " ".join(f"{cell:{len(name)}}" for cell, name in zip(cells, columns, strict=True))
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
    client = Client(raise_request_exception=False)
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
    client = Client(raise_request_exception=False)
    for route in (route for route in api_routes() if route.takes_keys):
        path = route.path(**PARTS)
        for method in {"POST", "PUT", "PATCH", "DELETE", "TRACE"} - set(route.methods):
            for name in KEYS:
                status = call(client, method, path, {}, **team.headers(name)).status_code
                assert status in {401, 403, 405}, f"{method} {path} with {name}: {status}"


def test_every_page_answers_each_person_as_the_table_says(team, people, facts):
    # Who sees our objects; foreign objects are told apart from unknown ones below.
    objects = _objects(team)
    rows = {}
    for route in admin_routes():
        path = route.path(**_admin_values(route, objects))
        for method in route.methods:
            rows[method, route.pattern] = [
                _person_cell(user, method, path + QUERIES.get(path, "")) for user in people.values()
            ]
    assert_table(table_of(PEOPLE, rows), "admin_routes.txt")


def _person_cell(user, method: str, path: str) -> int:
    client = Client(raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    before = stored()
    status = client.generic(method, path).status_code
    assert status < 500, (method, path, user)
    assert stored() == before, f"{method} {path} as {user}: wrote without a form"
    return status


def _objects(team) -> dict[str, object]:
    from django.contrib.auth.models import User
    from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

    interval = IntervalSchedule.objects.create(every=1, period="hours")
    found = {
        "apikey": team.ours.keys.first(),
        "project": team.ours,
        "user": User.objects.get(username="owner"),
        "intervalschedule": interval,
        "crontabschedule": CrontabSchedule.objects.create(),
        "periodictask": PeriodicTask.objects.create(name="job", task="job", interval=interval),
        "interaction": Interaction.objects.filter(project=team.ours).first(),
        "series": Series.objects.create(project=team.ours, metric="interactions.users", labels_key="[]"),
        "ingestoutcome": IngestOutcome.objects.filter(project=team.ours).first(),
        "erasure": Erasure.objects.create(project=team.ours, kind="user", subject_hash="0", requested_by="test"),
        "archivefile": _archive_file(team.ours),
        "price": Price.objects.create(model="m", input=1, output=1),
    }
    return {name: thing.pk for name, thing in found.items()}


def _archive_file(project) -> ArchiveFile:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    return ArchiveFile.objects.create(project=project, kind="spans", day=day.date(), rows=1, size_bytes=1, written_at=day)


def _admin_values(route: Route, objects: dict[str, object]) -> dict[str, object]:
    parts = route.pattern.split("/")
    object_id = objects.get(parts[3]) if len(parts) > 3 and "<" in route.pattern else None
    return {
        "object_id": object_id,
        "id": object_id,
        "content_type_id": 1,
        "app_label": "interactions",
        "url": "no-such-page",
    }
