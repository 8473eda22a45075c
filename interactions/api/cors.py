"""Doors for web pages: a preflight is answered, and the origins that a project allows may send (CORS)."""

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from interactions.api.base import IngestView
from observatory.core.errors import ApiError
from observatory.projects.origins import allows, is_known


class BrowserDoor(IngestView):
    """Its key may have the feedback scope alone, which may be shown in a page."""

    scopes = frozenset({"ingest", "feedback"})

    def options(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204)

    def check_permissions(self, request: Request) -> None:
        # A preflight carries no key, by the rules of CORS; it learns only whether some project allows the origin.
        if request.method != "OPTIONS":
            super().check_permissions(request)
            origin = request.META.get("HTTP_ORIGIN", "")
            if origin and not allows(self.access.project_id, origin, own=request.build_absolute_uri("/")):
                raise ApiError("origin_not_allowed", "Add this origin to the project's allowed origins.", status=403)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        origin = request.META.get("HTTP_ORIGIN", "")
        if origin and is_known(origin):
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Allow-Methods"] = "POST"
            response["Access-Control-Allow-Headers"] = "authorization, content-type, x-api-key"
            response["Access-Control-Max-Age"] = "600"
        response["Vary"] = "Origin"
        return response
