"""The page of the training export: how large the buffer is, what to take of it, and the download."""

from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseBase

from feedback.admin.score_links import to_scores, to_training
from feedback.training.card import as_markdown
from feedback.training.files import MOST_STREAMED, card_of, stream_lines
from feedback.training.glance import glance
from feedback.training.wanted import BOUNDS, PARAMETERS, SWITCHES, parse_wanted
from observatory.core.errors import ApiError
from observatory.core.serving.made import MadeFile
from observatory.projects.models import Project

LABELS = {
    "reviewed": "Only what a reviewer looked at",
    "with_signals": "With what users did",
    "with_people": "With ids of users and sessions",
}


def training_context(request: HttpRequest, project: Project, *, now: datetime) -> dict[str, Any]:
    values = {name: request.GET.get(name, "").strip() for name in PARAMETERS}
    return {
        "title": "Training data",
        "buffer": glance(project.pk, now=now),
        "values": values,
        "bounds": [(name, name.replace("_", " ").capitalize(), values[name]) for name in BOUNDS],
        "switches": [(name, LABELS[name], bool(values[name])) for name in SWITCHES],
        "list_url": to_scores(project),
        "file_url": to_training(project, "_file"),
        "most": MOST_STREAMED,
    }


def training_file(request: HttpRequest, project: Project, *, now: datetime) -> HttpResponseBase:
    """The lines, or with `card` what is to be known of them; 400 with the reason for a filter that is wrong."""
    try:
        wanted = parse_wanted(request.GET)
    except ApiError as error:
        return HttpResponseBadRequest(f"{error.field}: {error}", content_type="text/plain; charset=utf-8")
    name = f"training-{project.slug}"
    if request.GET.get("card"):
        answer = HttpResponse(as_markdown(card_of(project, wanted, now=now)), content_type="text/markdown; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="{name}.card.md"'
        return answer
    content = MadeFile(stream_lines(project.pk, wanted))
    return FileResponse(content, as_attachment=True, filename=f"{name}.jsonl", content_type="application/x-ndjson")
