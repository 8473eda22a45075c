"""Reviewers' verdicts as CSV, newest first: a row a verdict, with the questions of the rubric as columns."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import FileResponse, HttpRequest, HttpResponseBase

from feedback.models import ReviewItem, Score, Source
from feedback.review.correct import changes_of
from feedback.review.queue import REVIEW
from feedback.review.rubrics import rubric_of
from observatory.core.csv_cells import cell
from observatory.core.serving.made import MadeFile
from observatory.core.time_range import quick_range
from observatory.projects.models import Project

MOST_ROWS = 50_000
ROWS_A_PAGE = 500
COLUMNS = (
    "reviewed_at interaction_id trace_id reviewer verdict failure comment rubric drawn_by sample_rate changed_at".split()
)


def csv_file(request: HttpRequest, project: Project, *, now: datetime) -> HttpResponseBase:
    """Answer the newest MOST_ROWS verdicts of the page's range."""
    since = quick_range(request.GET, now=now, default="30d").since
    name = f"reviews-{project.slug}-{now:%Y%m%d-%H%M%S}.csv"
    content = MadeFile(_pieces(project.pk, since))
    return FileResponse(content, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


def _pieces(project_id: int, since: datetime | None) -> Iterator[bytes]:
    keys = [one["key"] for one in rubric_of(project_id).questions]
    yield ("\ufeff" + _lines([[*COLUMNS, *keys]])).encode()  # the mark by which Excel knows UTF-8
    for scores in _pages(project_id, since):
        ids = [one.interaction_id for one in scores if one.interaction_id]
        items = ReviewItem.objects.filter(project_id=project_id, interaction_id__in=ids)
        drawn: dict[UUID | None, ReviewItem] = {item.interaction_id: item for item in items}
        yield _lines([cell(value) for value in _row(one, drawn.get(one.interaction_id), keys)] for one in scores).encode()


def _pages(project_id: int, since: datetime | None) -> Iterator[list[Score]]:
    rows = Score.objects.for_project(project_id).of(Source.REVIEWER).filter(name=REVIEW).newest_first()
    rows = rows.filter(at__gte=since) if since else rows
    left, page = MOST_ROWS, list(rows[:ROWS_A_PAGE])
    while page:
        yield page
        left -= len(page)
        last = page[-1]
        behind = rows.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.pk))
        page = list(behind[: min(ROWS_A_PAGE, left)])


def _row(score: Score, item: ReviewItem | None, keys: list[str]) -> list[Any]:
    return [
        score.at.isoformat(),
        str(score.interaction_id),
        str(score.trace_id),
        score.author,
        "pass" if score.is_passed else "fail",
        score.details.get("category", ""),
        score.comment,
        score.version,
        item.get_reason_display() if item else "",
        item.sample_rate if item else None,
        changes[-1]["at"] if (changes := changes_of(score)) else "",
        *(score.parts.get(key) for key in keys),
    ]


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
