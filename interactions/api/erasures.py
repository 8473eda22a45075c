"""POST /api/v1/erasures: forget a user or a session; GET /api/v1/erasures/{id}: the receipt."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from interactions.api import schema_erasures
from interactions.api.base import storage_error
from interactions.erasure.holds import ProjectHeld
from interactions.erasure.receipt import receipt
from interactions.erasure.requests import request_erasure
from interactions.ingest.clean import clean_text
from interactions.models import Erasure
from observatory.core.bodies import parse_json, read_body
from observatory.core.errors import ApiError
from observatory.projects.auth import access_of
from observatory.projects.models import ApiKey, Project

KINDS = {"user_id": Erasure.Kind.USER, "session_id": Erasure.Kind.SESSION}
MAX_CHARS = 128
LARGEST_ID = 2**63


class ManageView(APIView):
    scopes = frozenset({"manage"})

    def handle_exception(self, exception: Exception) -> Any:
        return super().handle_exception(storage_error(exception))


@extend_schema_view(post=schema_erasures.REQUEST)
class ErasuresView(ManageView):
    """Ask that a user or a session be forgotten. The worker does it within minutes."""

    def post(self, request: Request) -> Response:
        access = access_of(request)
        name, subject = _subject(parse_json(read_body(request._request)))
        project = Project.objects.get(pk=access.project_id)
        key = ApiKey.objects.get(pk=access.key_id)
        try:
            row = request_erasure(
                project=project, kind=KINDS[name], subject=subject, by=f"key {key.prefix}", now=timezone.now()
            )
        except ProjectHeld as held:
            raise ApiError("legal_hold", str(held), status=409) from None
        return Response(receipt(row), status=202)


@extend_schema_view(get=schema_erasures.READ)
class ErasureView(ManageView):
    """The receipt of one erasure."""

    def get(self, request: Request, erasure_id: int) -> Response:
        row = None
        if erasure_id < LARGEST_ID:
            row = Erasure.objects.filter(project_id=access_of(request).project_id, pk=erasure_id).first()
        if row is None:
            raise ApiError("not_found", "There is no such erasure in this project.", status=404)
        return Response(receipt(row))


def _subject(data: Any) -> tuple[str, str]:
    named = [name for name in KINDS if isinstance(data, dict) and data.get(name) is not None]
    if len(named) != 1 or len(data) != 1:
        raise ApiError("invalid", 'Send {"user_id": ID} or {"session_id": ID}, and nothing else.')
    (name,) = named
    subject = data[name]
    # Ids are stored with what no store can keep replaced; see ingest/clean.py.
    if not isinstance(subject, str) or not subject or len(subject) > MAX_CHARS or clean_text(subject) != subject:
        raise ApiError("invalid", f"A text of 1 to {MAX_CHARS} characters.", field=name)
    return name, subject
