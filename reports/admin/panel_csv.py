"""The door to the figures of a panel as a file."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from observatory.core.errors import ApiError
from observatory.projects.access import chosen_project
from reports.export import as_csv, rows_of
from reports.page import asked_of
from reports.panels.catalogue import Panel, panel


def panel_csv(request: HttpRequest) -> HttpResponse:
    """`?panel=NAME` of the time and narrowing that the rest of the address says, as on its board."""
    project = chosen_project(request)
    asked_for = _panel(request.GET.get("panel", ""))
    now = timezone.now()
    try:
        asked = asked_of(request, project, now=now)
    except ApiError as error:
        return HttpResponse(f"{error.field}: {error}", status=400, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(as_csv(rows_of(asked_for.answer(asked))), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(asked_for)}_{now:%Y%m%dT%H%M}.csv"'
    return answer


def _panel(name: str) -> Panel:
    try:
        return panel(name)
    except KeyError:
        raise Http404("There is no such panel.") from None


def _file_name(one: Panel) -> str:
    """Its name in letters that every system takes for a file."""
    return "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in one.name)[:60]
