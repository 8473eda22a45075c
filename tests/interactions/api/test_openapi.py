"""The OpenAPI document says what the endpoints really take and answer."""

import json
from functools import cache

import pytest
from django.core.management import call_command
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from feedback.ids import feedback_id

pytestmark = pytest.mark.django_db
JSON = "application/json"
DOCUMENT = "urn:openapi"


@cache
def document():
    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


def operations():
    return [(path, method, one) for path, methods in document()["paths"].items() for method, one in methods.items()]


def bodies():
    """Every example of a JSON body, as a parameter."""
    for path, method, operation in operations():
        content = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
        for name, example in content.get("examples", {}).items():
            yield pytest.param(path, method, content["schema"], example["value"], id=f"{operation['operationId']}-{name}")


@cache
def registry():
    return Registry().with_resource(DOCUMENT, Resource.opaque(document()))


def problems(schema, value):
    pointed = json.loads(json.dumps(schema).replace('"#/', f'"{DOCUMENT}#/'))
    return [
        f"{error.json_path}: {error.message}"
        for error in Draft202012Validator(pointed, registry=registry()).iter_errors(value)
    ]


def answer_schema(path, method, status):
    return document()["paths"][path][method]["responses"][str(status)]["content"][JSON]["schema"]


def test_the_document_is_valid_and_without_warnings(tmp_path):
    call_command("spectacular", validate=True, fail_on_warn=True, file=str(tmp_path / "openapi.yaml"))


def test_operations_have_names_of_their_own_and_scopes():
    names = [operation["operationId"] for _, _, operation in operations()]
    assert sorted(set(names)) == sorted(names)
    assert not [name for name in names if "_" in name]
    assert all(operation["x-scopes"] and operation["security"] for _, _, operation in operations())


@pytest.mark.parametrize("path, method, schema, body", list(bodies()))
def test_an_example_is_valid_and_accepted(project, key, path, method, schema, body):
    assert problems(schema, body) == []
    if path == "/api/v1/chat/feedback":
        rated = {"id": body["interaction_id"], "query": "How long is the guarantee?"}
        Client().post("/api/v1/interactions", data=rated, content_type=JSON, HTTP_AUTHORIZATION=f"Bearer {key}")
    response = Client().post(path, data=body, content_type=JSON, HTTP_AUTHORIZATION=f"Bearer {key}")
    assert response.status_code in {200, 201, 202, 207}, response.content
    answer = response.json()
    assert problems(answer_schema(path, method, response.status_code), answer) == []
    assert all(result["status"] == 201 for result in answer.get("results", ()))


def test_a_wrong_body_is_seen_by_the_schema():
    schema = document()["paths"]["/api/v1/interactions"]["post"]["requestBody"]["content"][JSON]["schema"]
    assert problems(schema, {"confidence": 3}) != []


def test_a_refusal_is_as_described(send):
    status, answer = send("/api/v1/interactions", {"input_tokens": -1})
    assert status == 400
    assert problems(answer_schema("/api/v1/interactions", "post", 400), answer) == []


@pytest.fixture
def trace_id(send):
    """A trace with spans, an event and a native interaction in a session."""
    for path, _, _, body in (param.values for param in bodies()):
        if path in {"/api/v1/spans", "/api/v1/events", "/v1/traces", "/feedback/explicit", "/feedback/implicit"}:
            send(path, body)
    send("/api/v1/interactions", {"trace_id": "trace-7", "session_id": "chat-82", "query": "Hello?"})
    return "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize(
    "path, name, value",
    [
        ("/api/v1/interactions", "", ""),
        ("/api/v1/traces", "", ""),
        ("/api/v1/traces/{trace_id}", "trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ("/api/v1/traces/{trace_id}", "trace_id", "trace-7"),
        ("/trace/{trace_id}", "trace_id", "5b8efff798038103d269b633813fc60c"),
        ("/api/v1/sessions/{session_id}", "session_id", "chat-81"),
        ("/api/v1/sessions/{session_id}", "session_id", "chat-82"),
        ("/api/v1/feedback", "", ""),
        ("/api/v1/feedback/{feedback_id}", "feedback_id", feedback_id("session:chat-81", "")),
        ("/api/v1/feedback/summary", "", ""),
        ("/api/v1/scores", "", ""),
        ("/api/public/projects", "", ""),
    ],
)
def test_what_is_read_is_as_described(trace_id, read, path, name, value):
    status, answer = read(path.replace(f"{{{name}}}", value))
    assert status == 200
    assert problems(answer_schema(path, "get", 200), answer) == []
