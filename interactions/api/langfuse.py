"""What Langfuse's SDKs ask before they send: whose the key is."""

from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from interactions.api import operations
from observatory.core.parameters import hold_query
from observatory.projects.auth import access_of
from observatory.projects.models import Project
from observatory.projects.views import ReadView

# Langfuse's projects belong to organizations, and its SDKs refuse one without; here they belong to nobody else.
ORGANIZATION = {"id": "observatory", "name": "Observatory"}


@extend_schema_view(get=operations.LIST_LANGFUSE_PROJECTS)
class LangfuseProjectsView(ReadView):
    """The one project of the key, in Langfuse's shape: its SDKs' `auth_check()`, which whoever sends may make."""

    scopes = frozenset({"ingest", "read"})

    def get(self, request: Request) -> Response:
        hold_query(request.query_params)
        project = Project.objects.only("slug", "name").get(id=access_of(request).project_id)
        return Response({"data": [{"id": project.slug, "name": project.name, "organization": ORGANIZATION, "metadata": {}}]})
