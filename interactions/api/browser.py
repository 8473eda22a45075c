"""POST /api/metrics/client: metrics of a web page, under the names and shapes that its collector already sends.

A browser may call it from the origins that its project allows; the key has the feedback scope and may be shown.
One message is answered 201; a list, as `sdk/browser/observatory.js` sends it, 207 with a result for each.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from interactions.api import operations
from interactions.api.cors import BrowserDoor
from interactions.api.native import NativeView
from interactions.ingest.browser import MAX_BODY_BYTES, parse_browser_event
from observatory.core.bodies import too_large


@extend_schema_view(post=operations.STORE_BROWSER)
class BrowserMetricsView(BrowserDoor, NativeView):
    """One metric of a web page, or a list of them. Fields that a type does not list are kept."""

    signal = "browser"
    parser = staticmethod(parse_browser_event)
    names = staticmethod(lambda record: {"event_id": record.event_id})

    def read(self, request: Request) -> bytes:
        body = super().read(request)
        if len(body) > MAX_BODY_BYTES:
            raise too_large(MAX_BODY_BYTES)
        return body

    def _one(self, data: Any) -> Response:
        stored = super()._one(data)
        return Response({"status": "ok", **stored.data}, status=stored.status_code)
