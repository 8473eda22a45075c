"""GET /health/full: every component, of Observatory and of the application behind the key, with an overall score."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from observatory.core.parameters import hold_query
from observatory.health.component import DEGRADED, FAILING, HEALTHY, OFF, UNKNOWN, Component, score_of
from observatory.health.own import own_components
from observatory.health.reported import reported
from observatory.projects.auth import access_of
from observatory.projects.operations import JSON, operation, shape
from observatory.projects.views import ReadView

CRITICAL_UP_TO = 60.0
ComponentShape = shape(
    "HealthComponent",
    name=serializers.CharField(),
    status=serializers.ChoiceField([HEALTHY, DEGRADED, FAILING, UNKNOWN, OFF]),
    detail=serializers.CharField(allow_blank=True),
    latency_ms=serializers.FloatField(allow_null=True),
    state=serializers.CharField(allow_null=True, help_text="A word of the component itself: `open` of a circuit breaker."),
)
Health = shape(
    "Health",
    status=serializers.ChoiceField(["healthy", "warning", "critical"]),
    score=serializers.FloatField(help_text="0 to 100: the mean of healthy (100), degraded (50) and failing (0)."),
    checked_at=serializers.DateTimeField(),
    components=ComponentShape(many=True, help_text="Those of Observatory."),
    reported=ComponentShape(many=True, help_text="Those that the application reported within an hour."),
)


@extend_schema_view(
    get=operation(
        "readHealth",
        "Health of all components",
        tag="Watch",
        scopes="read",
        errors="400 401 403 503",
        responses={(200, JSON): OpenApiResponse(Health, "How each component is.")},
    ),
)
class FullHealthView(ReadView):
    """Health of Observatory and of the application."""

    def get(self, request: Request) -> Response:
        hold_query(request.query_params)
        return Response(full_health(access_of(request).project_id))


def full_health(project_id: int) -> dict[str, Any]:
    """Look at everything now. Takes as long as its parts, some of which are servers that may be away."""
    now = timezone.now()
    own, others = own_components(project_id, now=now), reported(project_id, now=now)
    score = score_of([*own, *others]) or 0.0
    return {
        "status": overall([*own, *others], score),
        "score": score,
        "checked_at": now,
        "components": [one.as_dict() for one in own],
        "reported": [one.as_dict() for one in others],
    }


def overall(components: list[Component], score: float) -> str:
    """`healthy` only if nothing is degraded or failing: one broken part among ten is no health of 90 %."""
    if score <= CRITICAL_UP_TO:
        return "critical"
    return "warning" if any(one.status in {DEGRADED, FAILING} for one in components) else "healthy"
