"""GET /api/schema/: the OpenAPI document as YAML or JSON. It says nothing of anybody's data, so it needs no key."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

from observatory.projects import openapi  # noqa: F401  (registers how keys are described)


@cache
def document() -> dict[str, Any]:
    """The routes do not change while a process lives; to look at them all takes a tenth of a second. Not to be changed."""
    return SchemaGenerator().get_schema(request=None, public=True)


class SchemaView(SpectacularAPIView):
    @extend_schema(exclude=True)  # as in the library: it is no part of the API
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer = request.accepted_renderer
        charset = f"; charset={renderer.charset}" if renderer.charset else ""
        return HttpResponse(
            _written(renderer.format),
            content_type=f"{renderer.media_type}{charset}",
            headers={"Content-Disposition": f'inline; filename="Observatory.{renderer.format}"'},
        )


@cache
def _written(format: str) -> bytes:
    """The document in a format, which goes by two media types."""
    renderer = next(one for one in SchemaView.renderer_classes if one.format == format)
    return renderer().render(document(), renderer.media_type, {})
