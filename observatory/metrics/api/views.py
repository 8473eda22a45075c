"""Doors to the metrics: the catalogue, and one metric through time."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from observatory.core.bodies import parse_json, read_body
from observatory.core.errors import ApiError
from observatory.core.parameters import hold_query
from observatory.metrics import catalogue
from observatory.metrics.api import shapes
from observatory.metrics.api.answers import metric_dict
from observatory.metrics.api.asked import PARAMETERS, parse_query_string
from observatory.metrics.api.lines import answer
from observatory.metrics.api.query import keep, metric_name, parse_query
from observatory.projects.auth import access_of
from observatory.projects.views import ReadView


@extend_schema_view(get=shapes.LIST_METRICS)
class CatalogueView(ReadView):
    """Every metric as it is declared."""

    def get(self, request: Request) -> Response:
        hold_query(request.query_params)
        return Response({"metrics": [metric_dict(metric) for metric in catalogue.metrics()]})


@extend_schema_view(get=shapes.READ_METRIC)
class MetricView(ReadView):
    """One metric: its points through time, by labels, and its summary."""

    def get(self, request: Request, name: str) -> Response:
        hold_query(request.query_params, *PARAMETERS, several=("by", "where"))
        metric = find_metric(name)
        asked = parse_query_string(request.query_params, metric, now=timezone.now())
        found: dict[str, Any] = answer(metric, asked, project_id=access_of(request).project_id)
        return Response(found)


@extend_schema_view(post=shapes.QUERY_METRIC)
class QueryView(ReadView):
    """The same as a body of JSON, with the figures that are wanted."""

    def post(self, request: Request) -> Response:
        body = parse_json(read_body(request._request))
        metric = find_metric(metric_name(body), field="metric")
        asked, wanted = parse_query(body, metric, now=timezone.now())
        return Response(keep(answer(metric, asked, project_id=access_of(request).project_id), wanted))


def find_metric(name: str, *, field: str | None = None) -> catalogue.Metric:
    try:
        return catalogue.metric(name)
    except KeyError:
        reason = "There is no metric of this name; GET /api/v1/metrics lists them."
        raise ApiError("not_found", reason, field=field, status=404) from None
