"""POST /api/metrics/client: metrics of a web page, under the names and shapes that its collector already sends.

A browser may call it from the origins that its project allows; the key has the feedback scope and may be shown.
One message is answered 201; a list, as `sdk/browser/observatory.js` sends it, 207 with a result for each.
"""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from interactions.api import operations
from interactions.api.native import NativeView
from interactions.ingest.browser import MAX_BODY_BYTES, parse_browser_event
from observatory.core.bodies import too_large
from observatory.core.errors import ApiError
from observatory.projects.origins import allows, is_known


@extend_schema_view(post=operations.STORE_BROWSER)
class BrowserMetricsView(NativeView):
    """One metric of a web page, or a list of them. Fields that a type does not list are kept."""

    signal = "browser"
    parser = staticmethod(parse_browser_event)
    names = staticmethod(lambda record: {"event_id": record.event_id})
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

    def read(self, request: Request) -> bytes:
        body = super().read(request)
        if len(body) > MAX_BODY_BYTES:
            raise too_large(MAX_BODY_BYTES)
        return body

    def _one(self, data: Any) -> Response:
        stored = super()._one(data)
        return Response({"status": "ok", **stored.data}, status=stored.status_code)

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
