"""The page at /api/ says what the OpenAPI document says, to anybody, within the policy for content."""

import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from observatory.api_reference import reference_of, type_words
from tests.pages import inline_code


@pytest.fixture
def page():
    response = Client().get("/api/")
    assert response.status_code == 200
    return response.content.decode()


def test_every_path_and_field_is_on_the_page(page):
    document = SchemaGenerator().get_schema(request=None, public=True)
    schemas = document["components"]["schemas"].values()
    fields = {name for schema in schemas for name in schema.get("properties", ())}
    assert [path for path in document["paths"] if f"<code>{path}</code>" not in page] == []
    assert [name for name in sorted(fields) if f"<code>{name}</code>" not in page] == []


def test_every_link_within_the_page_leads_somewhere(page):
    targets = {part.partition('"')[0] for part in page.split('href="#')[1:]}
    assert [target for target in sorted(targets) if f'id="{target}"' not in page] == []


def test_the_page_has_no_inline_code_and_only_reads(page):
    assert inline_code(page) == []
    assert Client().post("/api/").status_code == 405


def test_the_curl_line_goes_to_the_host_that_was_asked(page):
    assert "curl http://testserver/api/v1/interactions" in page


def test_operations_are_in_the_order_of_the_routes():
    reference = reference_of(SchemaGenerator().get_schema(request=None, public=True))
    assert reference.groups[0].operations[0].id == "sendInteractions"
    assert reference.security[0].startswith("`Authorization: Bearer KEY`")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string", "maxLength": 10}, "text, at most 10 characters"),
        ({"type": ["integer", "null"]}, "whole number or null"),
        ({"type": "array", "items": {"type": "string", "format": "uuid"}}, "list of UUID"),
        ({"type": "number", "minimum": 0, "maximum": 1}, "number from 0 to 1"),
        ({"$ref": "#/components/schemas/Word"}, "a, b"),
        ({"oneOf": [{"$ref": "#/components/schemas/Thing"}, {"type": "null"}]}, "Thing or null"),
        ({}, "any JSON value"),
    ],
)
def test_types_are_told_in_words(schema, words):
    schemas = {"Word": {"type": "string", "enum": ["a", "b"]}, "Thing": {"type": "object", "properties": {}}}
    assert type_words(schema, schemas) == words
