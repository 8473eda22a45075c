"""The list of scores as CSV: the same filters, newest first, each page read when the client has taken the one before."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponseBadRequest, HttpResponseBase

from feedback.admin.score_filters import asked_for
from feedback.models import Score
from feedback.reading.pages import Wanted, page_of
from observatory.core.csv_cells import cell
from observatory.core.errors import ApiError
from observatory.core.serving.made import MadeFile
from observatory.projects.models import Project

MOST_ROWS = 50_000
ROWS_A_PAGE = 500
COLUMNS = (
    "at name source state value label is_passed threshold comment author user_id session_id interaction_id trace_id version "
    "model model_version environment category confidence cost_usd scored_at"
).split()


def csv_file(request: HttpRequest, project: Project, *, now: datetime) -> HttpResponseBase:
    """Answer the newest MOST_ROWS; 400 with the reason for a filter that is wrong."""
    try:
        asked = asked_for(project.pk, request.GET, now=now)
    except ApiError as error:
        return HttpResponseBadRequest(f"{error.field}: {error}", content_type="text/plain; charset=utf-8")
    content = MadeFile(_pieces(asked.wanted))
    name = f"scores-{project.slug}-{now:%Y%m%d-%H%M%S}.csv"
    return FileResponse(content, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _pieces(wanted: Wanted) -> Iterator[bytes]:
    yield ("\ufeff" + _lines([COLUMNS])).encode()  # the mark by which Excel knows UTF-8
    cursor, left = "", MOST_ROWS
    while left:
        rows, behind = page_of(wanted, cursor=cursor, limit=min(ROWS_A_PAGE, left))
        yield _lines(_cells(score) for score in rows).encode()
        left -= len(rows)
        if behind is None:
            return
        cursor = behind


def _cells(score: Score) -> list[Any]:
    words = {
        "at": score.at.isoformat(),
        "scored_at": score.scored_at.isoformat(),
        "source": score.get_source_display(),
        "state": score.get_state_display(),
        "interaction_id": str(score.interaction_id or ""),
    }
    return [cell(words.get(name, getattr(score, name))) for name in COLUMNS]


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
