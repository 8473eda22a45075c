"""The reading API of feedback and scores."""

from datetime import timedelta

from django.utils import timezone
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api import operations_reading as operations
from feedback.reading import feedback, verdicts
from feedback.reading.pages import page_of
from feedback.reading.summary import feedback_summary
from interactions.reading.filters import short_text
from interactions.reading.pages import parse_limit
from observatory.core.errors import ApiError
from observatory.core.parameters import hold_query
from observatory.metrics.api.asked import parse_window
from observatory.projects.auth import access_of
from observatory.projects.views import ReadView

PAGING = ("cursor", "limit")
DEFAULT_SPAN = timedelta(days=30)


@extend_schema_view(get=operations.LIST_FEEDBACK)
class FeedbackListView(ReadView):
    """Ratings, newest first."""

    def get(self, request: Request) -> Response:
        hold_query(request.query_params, *feedback.PARAMETERS, *PAGING)
        wanted = feedback.wanted_feedback(access_of(request).project_id, request.query_params)
        limit, cursor = parse_limit(request.query_params), request.query_params.get("cursor", "")
        rows, behind = page_of(wanted, cursor=cursor, limit=limit)
        return Response({"results": [feedback.feedback_row(row) for row in rows], "next": behind})


@extend_schema_view(get=operations.READ_FEEDBACK)
class FeedbackView(ReadView):
    """One rating, or one signal."""

    def get(self, request: Request, feedback_id: str) -> Response:
        hold_query(request.query_params)
        found = feedback.find_feedback(access_of(request).project_id, feedback_id)
        if found is None:
            raise ApiError("not_found", "There is no such feedback in this project.", status=404)
        return Response(feedback.feedback_row(found))


@extend_schema_view(get=operations.READ_SUMMARY)
class SummaryView(ReadView):
    """What people say and do, all told."""

    def get(self, request: Request) -> Response:
        hold_query(request.query_params, "since", "until", "environment")
        window = parse_window(request.query_params, now=timezone.now(), default=DEFAULT_SPAN)
        environment = short_text(request.query_params, "environment")
        found = feedback_summary(access_of(request).project_id, window, environment=environment)
        return Response({"until": window.end, **found})


@extend_schema_view(get=operations.READ_SUMMARY_AT_ROOT)
class SummaryAtRootView(SummaryView):
    """The same as `/api/v1/feedback/summary`, at a shorter path."""


class ScoreListView(ReadView):
    """All scores, newest first."""

    def get(self, request: Request) -> Response:
        hold_query(request.query_params, *verdicts.PARAMETERS, *PAGING)
        wanted = verdicts.wanted_scores(access_of(request).project_id, request.query_params)
        limit, cursor = parse_limit(request.query_params), request.query_params.get("cursor", "")
        rows, behind = page_of(wanted, cursor=cursor, limit=limit)
        return Response({"results": verdicts.score_rows(rows), "next": behind})
