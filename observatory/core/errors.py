"""One error shape for every endpoint: `{"error": {"code", "reason", "field"?, "errors"?}}`."""

from typing import Any

from rest_framework import exceptions, status
from rest_framework.response import Response


class ApiError(Exception):
    """Something the caller can mend. `field` is the path of what is wrong ("passages[2].score"), or None."""

    def __init__(self, code: str, reason: str, *, field: str | None = None, status: int = 400, retry_after_s: int | None = None):
        super().__init__(reason)
        self.code, self.reason, self.field, self.status, self.retry_after_s = code, reason, field, status, retry_after_s

    def as_dict(self) -> dict[str, Any]:
        found = {"code": self.code, "reason": self.reason}
        if self.field is not None:
            found["field"] = self.field
        return found


def error_response(error: ApiError) -> Response:
    response = Response({"error": error.as_dict()}, status=error.status)
    if error.retry_after_s is not None:
        response["Retry-After"] = str(error.retry_after_s)
    return response


def answer_exception(exception: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None means a fault of ours: it is logged with its traceback and answered 500."""
    if isinstance(exception, ApiError):
        return error_response(exception)
    if isinstance(exception, exceptions.APIException):
        return _from_drf(exception, context)
    from django.core.exceptions import PermissionDenied
    from django.http import Http404

    if isinstance(exception, Http404):
        return error_response(ApiError("not_found", "There is no such thing in this project.", status=404))
    if isinstance(exception, PermissionDenied):
        return error_response(ApiError("forbidden", "This key may not do that.", status=403))
    return None


def _from_drf(exception: exceptions.APIException, context: dict[str, Any]) -> Response:
    code = exception.default_code
    error = ApiError(code, str(exception.detail), status=exception.status_code)
    if isinstance(exception, exceptions.ValidationError):
        field, reason = first_problem(exception.detail)
        error = ApiError("invalid", reason, field=field, status=status.HTTP_400_BAD_REQUEST)
    response = error_response(error)
    header = getattr(exception, "auth_header", None)
    if header:
        response["WWW-Authenticate"] = header
    return response


def first_problem(detail: Any) -> tuple[str | None, str]:
    """The first field and message of a DRF error tree."""
    if isinstance(detail, dict):
        name, inner = next(iter(detail.items()))
        field, reason = first_problem(inner)
        return ".".join(part for part in (str(name), field) if part), reason
    if isinstance(detail, list):
        return first_problem(detail[0])
    return None, str(detail)
