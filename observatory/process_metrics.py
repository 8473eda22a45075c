"""GET /metrics/process: django-prometheus's metrics of the web process itself, on the port of Prometheus only.

They tell of all projects together, so no key of one project opens them on the port that clients reach.
"""

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request

from observatory.core.errors import ApiError
from observatory.projects.views import ReadView


class ProcessMetricsView(ReadView):
    schema = None  # it stands in no OpenAPI: the port of clients does not answer it

    def get(self, request: Request) -> HttpResponse:
        if request.META["SERVER_PORT"] != str(settings.OBSERVATORY["OBSERVATORY_METRICS_PORT"]):
            raise ApiError("not_found", "There is nothing at this address.", status=404)
        # Imported here: without the setting it is not loaded at all.
        from django_prometheus.exports import ExportToDjangoView

        return ExportToDjangoView(request._request)
