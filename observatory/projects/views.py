"""What views behind a key share."""

from typing import Any

from django.db import DataError, InterfaceError, OperationalError
from rest_framework.views import APIView

from observatory.core.errors import ApiError, store_is_away


def storage_error(exception: Exception) -> Exception:
    """A store that is away, full or locked is a 503 that clients retry; a value that it refuses is the caller's."""
    if isinstance(exception, OperationalError | InterfaceError):
        return store_is_away()
    if isinstance(exception, RecursionError):
        return ApiError("too_deep", "The body is nested too deep.")
    if isinstance(exception, DataError):
        return ApiError("not_storable", "A value cannot be stored.")
    return exception


class ReadView(APIView):
    """A door that only reads, for keys with the scope `read`."""

    scopes = frozenset({"read"})

    def handle_exception(self, exception: Exception) -> Any:
        return super().handle_exception(storage_error(exception))
