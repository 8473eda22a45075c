"""The Accept header decides nothing that could lose data."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("accept", ["application/x-protobuf", "text/plain;version=0.0.4", "nonsense"])
@pytest.mark.parametrize(
    "method, path, content_type, body",
    [
        ("POST", "/v1/traces", "application/x-protobuf", b"\x0a\x00"),
        ("POST", "/api/v1/interactions", "application/json", b'{"query": "Hello?"}'),
        ("GET", "/api/v1/interactions", "", b""),
        ("GET", "/metrics", "", b""),
    ],
)
def test_no_request_is_refused_for_what_it_accepts(key, accept, method, path, content_type, body):
    headers = {"HTTP_ACCEPT": accept, "HTTP_AUTHORIZATION": f"Bearer {key}", "CONTENT_TYPE": content_type}
    response = Client().generic(method, path, body, **headers)
    assert response.status_code in {200, 201}, response.content


def test_the_schema_comes_in_the_form_that_is_asked():
    assert Client().get("/api/schema/", HTTP_ACCEPT="application/json")["Content-Type"].startswith("application/")
    assert Client().get("/api/schema/?format=json").json()["openapi"] == "3.1.0"
