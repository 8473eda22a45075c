"""How rows lie in a file: JSON Lines, or a table with a header."""

from collections.abc import Iterator

from interactions.ingest.files.lines import Line
from interactions.ingest.files.row import Row
from observatory.core.bodies import parse_json
from observatory.core.errors import ApiError


def json_rows(lines: Iterator[Line], limit: int) -> Iterator[Row]:
    """One object a line."""
    for line in lines:
        row = Row(line.number, line.size)
        try:
            row.body = _object(line.content(limit))
        except ApiError as error:
            row.problem = error
        yield row


def _object(raw: bytes) -> dict:
    try:
        found = parse_json(raw)
    except ApiError as error:
        raise ApiError(error.code, error.reason.replace("The body", "The line")) from None
    if not isinstance(found, dict) or not found:
        raise ApiError("invalid", "The line is not a JSON object with fields.")
    return found
