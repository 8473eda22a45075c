"""The form of answers: JSON by orjson, whatever a client says it accepts."""

from decimal import Decimal
from typing import Any

import orjson
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import JSONRenderer


def default(value: Any) -> Any:
    if isinstance(value, Decimal):
        # As a JSON number: up to 15 digits the shortest text of the float is the decimal itself, 0.00114625.
        return float(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return str(value)


def to_json(data: Any) -> bytes:
    """Dates as ISO 8601 with Z, Decimals as numbers, everything unknown as its text."""
    return orjson.dumps(data, default=default, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


class OrjsonRenderer(JSONRenderer):
    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: dict | None = None) -> bytes:
        return b"" if data is None else to_json(data)


class FirstIfNoneFits(DefaultContentNegotiation):
    """No request is refused for its Accept header: OTLP clients that ask for protobuf would lose their data by a 406."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        if len(renderers) == 1:
            return renderers[0], renderers[0].media_type
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except NotAcceptable:
            return renderers[0], renderers[0].media_type
