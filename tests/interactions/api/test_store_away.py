"""While the database is away or locked, a client is told to come again, whatever it sent."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client

from interactions.ingest import store

pytestmark = pytest.mark.django_db


class Away:
    def __init__(self, error):
        self.error = error

    def run(self, work, size):
        raise self.error("the database is away")


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize(
    ("path", "content_type", "body"),
    [
        ("/api/v1/interactions", "application/json", "{bad"),
        ("/api/v1/interactions", "application/json", '{"query": "good"}'),
        ("/v1/traces", "application/json", "{bad"),
        ("/v1/traces", "application/x-protobuf", "{bad"),
    ],
)
def test_it_is_503(key, monkeypatch, error, path, content_type, body):
    monkeypatch.setattr(store, "_group", Away(error))
    client = Client(raise_request_exception=False)
    response = client.post(path, body, content_type=content_type, HTTP_AUTHORIZATION=f"Bearer {key}")
    assert (response.status_code, response["Retry-After"]) == (503, "2")
