"""The list as CSV: the same filters, all pages, each read from the database when the client has taken the one before."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.utils import timezone

from interactions.admin.selected import asked_for, selection_of
from interactions.models import Interaction
from interactions.reading.pages import page_of
from interactions.reading.rows import LIST_FIELDS, row_of
from interactions.reading.selection import Selection
from observatory.core.csv_cells import cell
from observatory.core.errors import ApiError
from observatory.core.serving.made import MadeFile
from observatory.projects.models import Project

MOST_ROWS = 50_000
ROWS_A_PAGE = 500
COLUMNS = (
    "asked_at interaction_id trace_id status error_type query_preview answer_preview model provider environment release "
    "prompt_name prompt_version category tags session_id user_id input_tokens output_tokens cached_tokens "
    "cache_write_tokens reasoning_tokens latency_ms cost_usd confidence span_count"
).split()


def csv_file(request: HttpRequest, project: Project) -> HttpResponseBase:
    """Answer the newest MOST_ROWS rows of what the list shows; 400 with the reason for a filter that is wrong."""
    now = timezone.now()
    try:
        selection, _ = selection_of(project, asked_for(request.GET, now=now), now=now)
    except ApiError as error:
        return HttpResponseBadRequest(f"{error.field}: {error}", content_type="text/plain; charset=utf-8")
    name = f"interactions-{project.slug}-{now:%Y%m%d-%H%M%S}.csv"
    content = MadeFile(_pieces(selection))
    return FileResponse(content, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _pieces(selection: Selection) -> Iterator[bytes]:
    """The file, page by page."""
    yield ("\ufeff" + _lines([COLUMNS])).encode()  # the mark by which Excel knows UTF-8
    for rows in _pages(selection):
        yield _lines([cell(values[name]) for name in COLUMNS] for values in rows).encode()


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()


def _pages(selection: Selection) -> Iterator[list[dict[str, Any]]]:
    cursor, left = "", MOST_ROWS
    while left:
        page = page_of(selection, fields=LIST_FIELDS, cursor=cursor, limit=min(ROWS_A_PAGE, left))
        yield [_values(one) for one in page.rows]
        left -= len(page.rows)
        if page.older is None:
            return
        cursor = page.older


def _values(one: Interaction) -> dict[str, Any]:
    more = {name: getattr(one, name) for name in ("error_type", "prompt_name", "prompt_version")}
    return row_of(one) | more | {"asked_at": one.asked_at.isoformat(), "tags": " ".join(map(str, one.tags))}
