"""GET /api/: the OpenAPI document as a page, for people. It says nothing of anybody's data, so it needs no key."""

from functools import cache

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.generators import SchemaGenerator

from observatory.api_reference import Reference, reference_of
from observatory.core.methods import reads_only


@cache
def reference() -> Reference:
    """The routes do not change while a process lives."""
    return reference_of(SchemaGenerator().get_schema(request=None, public=True))


@reads_only
def api_page(request: HttpRequest) -> HttpResponse:
    frame = admin.site.each_context(request) if admin.site.has_permission(request) else {"has_permission": False}
    origin = f"{request.scheme}://{request.get_host()}"
    return render(request, "observatory/api.html", {**frame, "title": "API", "reference": reference(), "origin": origin})
