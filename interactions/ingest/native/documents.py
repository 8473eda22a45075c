"""Passages and errors: the two nested shapes that interactions and spans share."""

from typing import Any

from interactions.ingest.native.reader import Reader
from observatory.core.errors import ApiError

MAX_DOCUMENTS = 500


def read_documents(reader: Reader, name: str) -> list[dict[str, Any]]:
    """`[{id, text, score, source, ...}]`; a plain text stands for its document."""
    _, value = reader.raw(name)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MAX_DOCUMENTS:
        raise ApiError("invalid", f"expected a list of at most {MAX_DOCUMENTS} passages", field=name)
    return [_document(item, f"{name}[{index}]") for index, item in enumerate(value)]


def _document(item: Any, path: str) -> dict[str, Any]:
    reader = Reader({"text": item} if isinstance(item, str) else item, "passage", path=path)
    try:
        found = {
            "id": reader.label("id", limit=255),
            "text": reader.text("text", "content"),
            "score": reader.number("score", low=-1e9, high=1e9),
            "source": reader.label("source", limit=2000),
            "metadata": reader.mapping("metadata"),
        }
        return {key: value for key, value in (found | reader.rest()).items() if value not in ("", None, {})}
    except ApiError as error:
        error.field = f"{path}.{error.field}"
        raise


def read_error(reader: Reader) -> dict[str, str]:
    """`{type, message}`; a plain text stands for its message."""
    _, value = reader.raw("error")
    if value is None:
        return {}
    inner = Reader({"message": value} if isinstance(value, str) else value, "error", path="error")
    try:
        found = {"type": inner.label("type", limit=120), "message": inner.text("message")}
    except ApiError as error:
        error.field = f"error.{error.field}"
        raise
    return {key: text for key, text in found.items() if text} or {"message": "error"}
