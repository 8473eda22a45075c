"""Errors of the API as answers of REST framework, which commands and the worker do without: apart from errors.py."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response

from observatory.core.errors import ApiError


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
