"""What programs send over plain HTTP is refused, never redirected: OTLP clients take a redirect for success."""

import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, JsonResponse

from observatory.core.errors import ApiError

REFUSAL = ApiError("https_required", "Use https: nothing was stored, and the key was sent in the clear.", status=403)


class HttpsOnlyMiddleware:
    """Behind SecurityMiddleware, which redirects all but SECURE_REDIRECT_EXEMPT: these paths, and health (answered)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        if not settings.SECURE_SSL_REDIRECT:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.is_of_programs = re.compile(settings.HTTPS_ONLY_PATHS).search

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.is_secure() and self.is_of_programs(request.path.lstrip("/")):
            return JsonResponse({"error": REFUSAL.as_dict()}, status=REFUSAL.status)
        return self.get_response(request)
