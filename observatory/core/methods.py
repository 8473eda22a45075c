"""Plain views that only read: any other method is 405 in the API's error shape, before Django asks for a form's token."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from observatory.core.errors import ApiError

READING = ("GET", "HEAD")


def reads_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view for GET and HEAD alone. It must change nothing: no form's token is looked at."""

    @wraps(view)
    def read(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in READING:
            return view(request, *args, **kwargs)
        error = ApiError("method_not_allowed", f'Method "{request.method}" not allowed: this address is only read.')
        return JsonResponse({"error": error.as_dict()}, status=405, headers={"Allow": ", ".join(READING)})

    return csrf_exempt(read)
