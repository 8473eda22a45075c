"""GET /api/: the OpenAPI document as a page, for people. It says nothing of anybody's data, so it needs no key."""

from functools import cache, lru_cache

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from observatory.api_reference import Reference, reference_of
from observatory.api_schema import document
from observatory.core.methods import reads_only

ORIGINS = 8  # under which one process is likely to be reached


@cache
def reference() -> Reference:
    return reference_of(document())


@lru_cache(ORIGINS)
def body(origin: str) -> SafeString:
    """All but the frame, which differs from person to person; it has a thousand cells, and they do not change."""
    return render_to_string("observatory/api_body.html", {"reference": reference(), "origin": origin})


@reads_only
def api_page(request: HttpRequest) -> HttpResponse:
    frame = admin.site.each_context(request) if admin.site.has_permission(request) else {"has_permission": False}
    origin = f"{request.scheme}://{request.get_host()}"
    return render(request, "observatory/api.html", {**frame, "title": "API", "body": body(origin)})
