"""Statistics of a project and of one of its users, over 24 hours if nothing else is asked."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from interactions.api import schema_statistics
from interactions.reading.system_statistics import system_statistics
from interactions.reading.user_statistics import user_statistics
from observatory.core.parameters import hold_query
from observatory.metrics.api.asked import parse_window
from observatory.metrics.series import Window
from observatory.projects.auth import access_of
from observatory.projects.views import ReadView


def window_of(request: Request) -> Window:
    hold_query(request.query_params, "since", "until")
    return parse_window(request.query_params, now=timezone.now())


def answer(window: Window, figures: dict[str, Any]) -> Response:
    return Response({"since": window.start, "until": window.end, **figures})


@extend_schema_view(get=schema_statistics.READ_SYSTEM)
class SystemStatisticsView(ReadView):
    """How the project did."""

    def get(self, request: Request) -> Response:
        window = window_of(request)
        return answer(window, system_statistics(access_of(request).project_id, window))


@extend_schema_view(get=schema_statistics.READ_USER)
class UserStatisticsView(ReadView):
    """How one user fared."""

    def get(self, request: Request, user_id: str) -> Response:
        window = window_of(request)
        return answer(window, {"user_id": user_id} | user_statistics(access_of(request).project_id, user_id, window))
