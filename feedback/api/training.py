"""The training export by its API: a stream of lines, or the card that tells what is in them."""

from django.http import FileResponse, HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from feedback.api import training_operations as operations
from feedback.training.files import card_of, stream_lines
from feedback.training.wanted import PARAMETERS, parse_wanted
from observatory.core.errors import ApiError
from observatory.core.parameters import hold_query
from observatory.core.serving.made import MadeFile
from observatory.projects.auth import access_of
from observatory.projects.models import Project
from observatory.projects.views import ReadView

JSONL = "application/x-ndjson"


@extend_schema_view(get=operations.EXPORT_TRAINING)
class TrainingExportView(ReadView):
    """Whole texts of many answers leave the house: it takes the scope `manage`."""

    scopes = frozenset({"manage"})

    def get(self, request: Request) -> HttpResponseBase:
        hold_query(request.query_params, "format", *PARAMETERS)
        wanted = parse_wanted(request.query_params)
        form = request.query_params.get("format", "jsonl")
        if form not in ("jsonl", "card"):
            raise ApiError("invalid", "expected jsonl or card; for Parquet there is a command", field="format")
        project = Project.objects.get(pk=access_of(request).project_id)
        if form == "card":
            return Response(card_of(project, wanted, now=timezone.now()))
        name = f"training-{project.slug}.jsonl"
        content = MadeFile(stream_lines(project.pk, wanted))
        return FileResponse(content, as_attachment=True, filename=name, content_type=JSONL)
