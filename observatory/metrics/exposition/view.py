"""GET /metrics and its alias: one project's metrics for Prometheus."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema_view
from rest_framework.request import Request

from observatory.metrics.exposition.accept import content_type
from observatory.metrics.exposition.expose import expose
from observatory.projects.auth import access_of
from observatory.projects.operations import operation
from observatory.projects.views import ReadView

ANSWER = OpenApiResponse(OpenApiTypes.STR, "Prometheus's text format, or OpenMetrics 1.0 where `Accept` prefers it.")
TYPES = ("text/plain", "application/openmetrics-text")


def exposes(name: str, summary: str) -> Any:
    answers = {(200, kind): ANSWER for kind in TYPES}
    described = operation(name, summary, tag="Watch", scopes="read", errors="401 403 503", responses=answers)
    return extend_schema_view(get=described)


@exposes("exposeMetrics", "Metrics of the project, for Prometheus")
class MetricsView(ReadView):
    """In OpenMetrics where the client prefers it, else in the older text format."""

    def get(self, request: Request) -> HttpResponse:
        kind = content_type(request.META.get("HTTP_ACCEPT", ""))
        text = expose(access_of(request).project_id, now=timezone.now(), content_type=kind)
        return HttpResponse(text, content_type=kind, headers={"Vary": "Accept"})


@exposes("exposeRawMetrics", "Metrics of the project, at the older path")
class RawMetricsView(MetricsView):
    """The same as `/metrics`, at the path that older scrapers ask."""
