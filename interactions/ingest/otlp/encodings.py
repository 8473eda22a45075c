"""The two encodings of OTLP, by the content type of a request."""

from types import ModuleType

from interactions.ingest.otlp import decode_json, decode_protobuf
from observatory.core.errors import ApiError

PROTOBUF = "application/x-protobuf"
JSON = "application/json"
PROTOBUF_TYPES = frozenset({PROTOBUF, "application/protobuf"})
DECODERS: dict[str, ModuleType] = dict.fromkeys(PROTOBUF_TYPES, decode_protobuf) | {JSON: decode_json}


def media_type(content_type: str) -> str:
    """Return the type without its parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def decoder(content_type: str) -> ModuleType:
    """Return the module that decodes a body of this type; raises ApiError `unsupported_media_type` (415)."""
    found = DECODERS.get(media_type(content_type))
    if found is None:
        raise ApiError("unsupported_media_type", f"OTLP is sent as {PROTOBUF} or {JSON}.", status=415)
    return found
