"""One error shape for every endpoint: `{"error": {"code", "reason", "field"?, "errors"?}}`."""

import sys
from typing import Any

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views import csrf, defaults


class ApiError(Exception):
    """Something the caller can mend. `field` is the path of what is wrong ("passages[2].score"), or None."""

    def __init__(
        self, code: str, reason: str, *, field: str | None = None, status: int = 400, retry_after_s: int | None = None
    ):
        super().__init__(reason)
        self.code, self.reason, self.field, self.status, self.retry_after_s = code, reason, field, status, retry_after_s

    def as_dict(self) -> dict[str, Any]:
        found = {"code": self.code, "reason": _encodable(self.reason)}
        if self.field is not None:
            found["field"] = _encodable(self.field)
        return found


def _encodable(text: str) -> str:
    """A caller's own words may hold half an emoji, which no answer can carry."""
    return text.encode("utf-8", "replace").decode()


def wants_page(request: HttpRequest) -> bool:
    """Whether a person's browser asks, for whom an error is a page."""
    return "text/html" in request.META.get("HTTP_ACCEPT", "")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: an unknown Host, a malformed form. The reason is said in general, without what was sent."""
    if wants_page(request):
        return defaults.bad_request(request, exception)
    reason = "The request is not valid."
    if isinstance(exception, DisallowedHost):
        reason = "The Host header names no host of this server: see OBSERVATORY_ALLOWED_HOSTS."
    return JsonResponse({"error": ApiError("bad_request", reason).as_dict()}, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: our JSON shape for programs, the page for people."""
    if wants_page(request):
        return defaults.page_not_found(request, exception)
    return JsonResponse({"error": ApiError("not_found", "There is nothing at this address.").as_dict()}, status=404)


def store_is_away() -> ApiError:
    return ApiError("unavailable", "The database cannot be reached or is busy; try again.", status=503, retry_after_s=2)


def fault(request: HttpRequest) -> HttpResponse:
    """Django's handler500: nothing of the payload, nothing of the fault. A store that is away is no fault, but a 503."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _unavailable(request, store_is_away())
    if wants_page(request):
        return defaults.server_error(request)
    return JsonResponse({"error": ApiError("fault", "A fault of ours; it has been logged.").as_dict()}, status=500)


def _unavailable(request: HttpRequest, error: ApiError) -> HttpResponse:
    response: HttpResponse
    if wants_page(request):
        response = HttpResponse(render_to_string("503.html"), status=error.status)  # the session is in the store, too
    else:
        response = JsonResponse({"error": error.as_dict()}, status=error.status)
    response["Retry-After"] = str(error.retry_after_s)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW: a person reloads the form; a program has posted to a page instead of the API."""
    if wants_page(request):
        return csrf.csrf_failure(request, reason)
    error = ApiError("forbidden", "This address takes forms only. Data goes to /api/v1/... or /v1/traces.")
    return JsonResponse({"error": error.as_dict()}, status=403)
