"""The list as CSV: the same filters, all pages, streamed while it is read."""

import csv
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from interactions.admin.interaction_list import asked_for, selection_of
from interactions.reading.pages import page_of
from interactions.reading.rows import ROW_FIELDS, row_of
from interactions.reading.selection import Selection
from observatory.core.csv_cells import cell
from observatory.core.errors import ApiError
from observatory.projects.models import Project

MOST_ROWS = 50_000
ROWS_A_PAGE = 500
COLUMNS = (
    "asked_at interaction_id trace_id status error_type query_preview answer_preview model provider environment release "
    "prompt_name prompt_version category tags session_id user_id input_tokens output_tokens cached_tokens "
    "cache_write_tokens reasoning_tokens latency_ms cost_usd confidence span_count"
).split()
FIELDS = (*ROW_FIELDS, "prompt_name", "prompt_version")


class Line:
    """A file for the writer of CSV that hands each line on."""

    def write(self, text: str) -> str:
        return text


def csv_file(request: HttpRequest, project: Project) -> HttpResponseBase:
    """Answer the newest MOST_ROWS rows of what the list shows; 400 with the reason for a filter that is wrong."""
    now = timezone.now()
    try:
        selection, _ = selection_of(project, asked_for(request.GET, now=now), now=now)
    except ApiError as error:
        return HttpResponseBadRequest(f"{error.field}: {error}", content_type="text/plain; charset=utf-8")
    answer = StreamingHttpResponse(_lines(selection), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="interactions-{project.slug}-{now:%Y%m%d-%H%M%S}.csv"'
    return answer


def _lines(selection: Selection) -> Iterator[str]:
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow(COLUMNS)  # the mark by which Excel knows UTF-8
    for values in _rows(selection):
        yield writer.writerow([cell(values[name]) for name in COLUMNS])


def _rows(selection: Selection) -> Iterator[dict[str, Any]]:
    cursor, left = "", MOST_ROWS
    while left:
        page = page_of(selection, fields=FIELDS, cursor=cursor, limit=min(ROWS_A_PAGE, left))
        for one in page.rows:
            more = {name: getattr(one, name) for name in ("error_type", "prompt_name", "prompt_version")}
            yield row_of(one) | more | {"asked_at": one.asked_at.isoformat(), "tags": " ".join(map(str, one.tags))}
        left -= len(page.rows)
        if page.older is None:
            return
        cursor = page.older
