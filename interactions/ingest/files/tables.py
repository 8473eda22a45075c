"""Tables: CSV as RFC 4180 has it, with texts over several lines; TSV with a record a line and nothing quoted."""

import csv
from collections import deque
from collections.abc import Iterator

from interactions.ingest.files.lines import Line
from interactions.ingest.files.row import Row
from observatory.core.errors import ApiError

MAX_LINES = 1_000  # of one record: a quote that is never closed must not swallow the file


def header_of(text: str) -> list[str]:
    """Return the names in the first line of a table."""
    delimiter = delimiter_of(text)
    return [name.strip() for name in _cells(text, delimiter)]


def delimiter_of(header: str) -> str:
    return "\t" if "\t" in header else ","


def table_rows(lines: Iterator[Line], limit: int) -> Iterator[Row]:
    """Yield a row a record, its cells by the names of the header; empty cells are left out."""
    csv.field_size_limit(limit)
    first = next(lines, None)
    if first is None:
        return
    header = first.text(limit)
    reader = _Records(lines, limit, delimiter_of(header), header_of(header))
    while (row := reader.next_row()) is not None:
        yield row


class _Records:
    """Joins lines to records. Lines that a broken record took along are put back."""

    def __init__(self, lines: Iterator[Line], limit: int, delimiter: str, names: list[str]):
        self._lines, self._limit, self._delimiter, self._names = lines, limit, delimiter, names
        self._put_back: deque[Line] = deque()

    def next_row(self) -> Row | None:
        first = self._next_line()
        if first is None:
            return None
        row, taken = Row(first.number, first.size), [first]
        try:
            text = first.text(self._limit)
            if self._delimiter == "," and text.count('"') % 2:
                text = self._whole(text, taken)
            row.body = self._body(text)
            row.size = sum(line.size for line in taken)
        except ApiError as error:
            row.problem = error
            self._put_back.extendleft(reversed(taken[1:]))
        return row

    def _next_line(self) -> Line | None:
        return self._put_back.popleft() if self._put_back else next(self._lines, None)

    def _whole(self, text: str, taken: list[Line]) -> str:
        """Add lines until every quote is closed."""
        parts, size, is_open = [text], len(text), True
        while is_open:
            line = self._next_line()
            if line is not None:
                taken.append(line)
                size += line.size
            if line is None or len(taken) > MAX_LINES or size > self._limit:
                raise ApiError("unclosed_quote", "A quote opens here and is never closed.")
            parts.append(line.text(self._limit))
            is_open ^= bool(parts[-1].count('"') % 2)
        return "\n".join(parts)

    def _body(self, text: str) -> dict[str, str]:
        cells = _cells(text, self._delimiter)
        if len(cells) != len(self._names):
            raise ApiError("wrong_columns", f"{len(cells)} columns where the header names {len(self._names)}.")
        return {name: cell for name, cell in zip(self._names, cells, strict=True) if cell}


def _cells(text: str, delimiter: str) -> list[str]:
    if delimiter == "\t":
        return text.split("\t")
    try:
        return next(csv.reader([text], strict=True))
    except csv.Error as error:
        raise ApiError("undecodable", f"The line is not valid CSV: {error}.") from None
