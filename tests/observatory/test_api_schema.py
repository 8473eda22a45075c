"""The OpenAPI document, which a process writes once."""

import json

import pytest
import yaml
from drf_spectacular.generators import SchemaGenerator


def test_it_says_the_same_in_every_format(client):
    as_yaml, as_json = client.get("/api/schema/"), client.get("/api/schema/?format=json")
    assert yaml.safe_load(as_yaml.content) == as_json.json()
    assert "/api/schema/" not in as_json.json()["paths"]
    assert as_json.json() == json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True)))


@pytest.mark.parametrize(
    ("asked", "media_type", "name"),
    [
        ("", "application/vnd.oai.openapi; charset=utf-8", "Observatory.yaml"),
        ("application/yaml", "application/yaml; charset=utf-8", "Observatory.yaml"),
        ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json", "Observatory.json"),
        ("application/json", "application/json", "Observatory.json"),
    ],
)
def test_it_comes_as_it_is_asked_for(client, asked, media_type, name):
    for _ in range(2):
        answer = client.get("/api/schema/", **({"HTTP_ACCEPT": asked} if asked else {}))
        assert answer["Content-Type"] == media_type
        assert answer["Content-Disposition"] == f'inline; filename="{name}"'
        assert "Accept" in answer["Vary"]


def test_no_parameter_is_written_into_it(client):
    assert client.get("/api/schema/?version=7&lang=de").content == client.get("/api/schema/").content


def test_the_page_names_the_address_that_it_was_reached_by(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    for host in ("one.example", "two.example", "one.example"):
        page = client.get("/api/", HTTP_HOST=host).content.decode()
        assert f"curl http://{host}/api/v1/interactions" in page
        assert page.count("one.example") == 0 or host == "one.example"
