"""The OpenAPI document as words for a page. Pure: a dict in, frozen dataclasses out."""

import json
import shlex
from dataclasses import dataclass
from typing import Any

TYPE_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}
FORMAT_WORDS = {"uuid": "UUID", "date-time": "time", "binary": "bytes"}
JSON = "application/json"
REFERENCE = "#/components/schemas/"
UNKEYED = "any JSON value"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a shape, or a parameter: then `place` says where it is sent. `shape` is that of its value, or ""."""

    name: str
    type: str
    meaning: str = ""
    is_required: bool = False
    shape: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    status: str
    meaning: str
    types: str
    shape: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An endpoint. `arguments` is what follows the URL in the curl line."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    scopes: tuple[str, ...]
    parameters: tuple[Field, ...]
    media_types: tuple[str, ...]
    body: Shape | None
    answers: tuple[Answer, ...]
    example_path: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    description: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    title: str
    description: str
    security: tuple[str, ...]
    groups: tuple[Group, ...]
    shapes: tuple[Shape, ...]


def reference_of(document: dict[str, Any]) -> Reference:
    """Return the page's content. `document` is OpenAPI 3.1 as drf-spectacular writes it."""
    schemas = document["components"]["schemas"]
    schemes = document["components"]["securitySchemes"]
    operations = [
        (operation["tags"][0], _operation(method, path, operation, schemas))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    groups = (
        Group(tag["name"], tag["description"], tuple(one for name, one in operations if name == tag["name"]))
        for tag in document["tags"]
    )
    return Reference(
        title=document["info"]["title"],
        description=document["info"]["description"],
        security=tuple(schemes[name]["description"] for name in _ways_in(document)),
        groups=tuple(group for group in groups if group.operations),
        shapes=tuple(shape_of(name, schemas) for name in sorted(schemas) if "properties" in schemas[name]),
    )


def _ways_in(document: dict[str, Any]) -> list[str]:
    """The names of the security schemes in the order in which the operations list them."""
    operations = (operation for methods in document["paths"].values() for operation in methods.values())
    return list(dict.fromkeys(name for one in operations for way in one["security"] for name in way))


def shape_of(name: str, schemas: dict[str, Any]) -> Shape:
    schema = schemas[name]
    required = set(schema.get("required", ()))
    fields = (
        Field(field, type_words(inner, schemas), inner.get("description", ""), field in required, shape_in(inner, schemas))
        for field, inner in schema["properties"].items()
    )
    return Shape(name, tuple(fields))


def type_words(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """A JSON schema in a few words: "list of text, at most 100 characters"."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REFERENCE)
        return name if "properties" in schemas[name] else type_words(schemas[name], schemas)
    for key, word in (("oneOf", " or "), ("anyOf", " or "), ("allOf", " and ")):
        if key in schema:
            return word.join(dict.fromkeys(type_words(one, schemas) for one in schema[key]))
    if "enum" in schema:
        return ", ".join(str(value) for value in schema["enum"])
    types = schema.get("type", [])
    if not types:
        return UNKEYED
    if types == "array":
        return f"list of {type_words(schema.get('items', {}), schemas)}"
    if isinstance(types, list):
        words = [type_words({**schema, "type": one}, schemas) for one in types if one != "null"]
        return " or ".join([*words, "null"] if "null" in types else words)
    return FORMAT_WORDS.get(schema.get("format", ""), TYPE_WORDS.get(types, types)) + _limits(schema)


def shape_in(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """The name of the shape somewhere in a schema, or ""."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(REFERENCE)
        return name if "properties" in schemas[name] else shape_in(schemas[name], schemas)
    inner = [*schema.get("oneOf", ()), *schema.get("allOf", ()), *([schema["items"]] if "items" in schema else ())]
    return next((found for found in (shape_in(one, schemas) for one in inner) if found), "")


def _limits(schema: dict[str, Any]) -> str:
    if "maxLength" in schema:
        return f", at most {schema['maxLength']} characters"
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None:
        return ""
    return f" from {low:g}" + (f" to {high:g}" if high is not None else "")


def _operation(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Operation:
    content = operation.get("requestBody", {}).get("content", {})
    body = shape_in(content.get(JSON, {}).get("schema", {}), schemas)
    parameters = tuple(
        Field(
            one["name"],
            type_words(one["schema"], schemas),
            one.get("description", ""),
            one.get("required", False),
            place=one["in"],
        )
        for one in operation.get("parameters", ())
    )
    can_limit = any(one.name == "limit" for one in parameters)
    return Operation(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        scopes=tuple(operation.get("x-scopes", ())),
        parameters=parameters,
        media_types=tuple(content),
        body=shape_of(body, schemas) if body else None,
        answers=tuple(_answer(status, one, schemas) for status, one in operation["responses"].items()),
        example_path=path.replace("{", "").replace("}", "").replace("_id", "-id") + ("?limit=10" if can_limit else ""),
        arguments=_arguments(content),
    )


def _answer(status: str, answer: dict[str, Any], schemas: dict[str, Any]) -> Answer:
    content = answer.get("content", {})
    return Answer(
        status=status,
        meaning=answer.get("description", ""),
        types=", ".join(content),
        shape=next((found for found in (shape_in(one["schema"], schemas) for one in content.values()) if found), ""),
    )


def _arguments(content: dict[str, Any]) -> str:
    if not content:
        return ""
    examples = list(content.get(JSON, {}).get("examples", {}).values())
    if not examples:
        media_type = next(iter(content))
        return f" \\\n  -H 'Content-Type: {media_type}' \\\n  --data-binary @request"
    body = json.dumps(examples[0]["value"], indent=2 if len(str(examples[0]["value"])) > 120 else None)
    return f" \\\n  -H 'Content-Type: {JSON}' \\\n  -d {shlex.quote(body)}"
