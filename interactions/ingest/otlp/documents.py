"""Retrieved documents of every dialect in one form: `{id?, text?, score?, source?, metadata?}`."""

from typing import Any

from interactions.ingest.otlp.json_text import parsed

TEXT_KEYS = ("text", "content", "page_content", "pageContent", "document", "chunk")
ID_KEYS = ("id", "doc_id", "document_id", "chunk_id", "documentId")
SCORE_KEYS = ("score", "relevance_score", "relevanceScore", "similarity", "_score", "similarity_score")
SOURCE_KEYS = ("source", "url", "uri", "file_path", "file_name", "path", "doc_uri", "title")
DROPPED_KEYS = frozenset({"vector", "embedding", "type", "metadata"})
ENVELOPES = ("documents", "source_documents", "results", "matches", "chunks", "context")
PLAIN = (str, int, float)


def as_documents(value: Any) -> list[dict[str, Any]]:
    """Return the documents in a list, or in the object that holds it; an empty list where there is none."""
    if isinstance(value, dict):
        value = next((value[name] for name in ENVELOPES if isinstance(value.get(name), list)), None)
    if not isinstance(value, list):
        return []
    found = [_document(item) for item in value]
    return [document for document in found if document]


def as_retrieved(value: Any) -> list[dict[str, Any]]:
    """Like `as_documents`, for an output that need not be documents at all: each must have an id or a text."""
    found = as_documents(value)
    return found if all("text" in document or "id" in document for document in found) else []


def _document(item: Any) -> dict[str, Any]:
    if isinstance(item, str):
        return {"text": item} if item else {}
    if not isinstance(item, dict):
        return {}
    if isinstance(item.get("document"), dict):
        item = {**item, **item["document"]}
        del item["document"]
    # LangChain's serialised objects keep everything in kwargs.
    inner = item.get("kwargs") if "lc" in item else None
    item = inner if isinstance(inner, dict) else item
    metadata = item.get("metadata")
    return _normal(item, parsed(metadata) if isinstance(metadata, str) else metadata)


def _normal(item: dict[str, Any], metadata: Any) -> dict[str, Any]:
    rest = {key: value for key, value in item.items() if key not in DROPPED_KEYS and value not in (None, "")}
    more = dict(metadata) if isinstance(metadata, dict) else {}
    found: dict[str, Any] = {}
    for target, names, places in (
        ("id", ID_KEYS, (rest, more)),
        ("text", TEXT_KEYS, (rest,)),
        ("score", SCORE_KEYS, (rest, more)),
        ("source", SOURCE_KEYS, (rest, more)),
    ):
        value = _taken(names, places)
        if target == "score" and value is not None:
            value = _score(value)
        if value is not None:
            found[target] = value
    if metadata and not isinstance(metadata, dict):
        more = {"metadata": metadata}
    if more or rest:
        found["metadata"] = rest | more
    return found


def _taken(names: tuple[str, ...], places: tuple[dict[str, Any], ...]) -> Any:
    """Return the first value under one of the names, taken out of its place."""
    for place in places:
        for name in names:
            if name in place and type(place[name]) in PLAIN:
                return place.pop(name)
    return None


def _score(value: Any) -> float | None:
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e300 else None
