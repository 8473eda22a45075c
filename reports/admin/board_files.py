"""The door to the figures of a whole board: an archive of one CSV a panel, in the order of the board."""

import io
import zipfile

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from observatory.core.errors import ApiError
from observatory.projects.access import chosen_project
from reports.admin.board_page import find
from reports.export import as_csv, rows_of
from reports.page import asked_of

MAX_NAME = 60


def board_files(request: HttpRequest) -> HttpResponse:
    """The board of `?board=` or `?name=`, of the time and narrowing that the rest of the address says."""
    project = chosen_project(request)
    board = find(request, project).composed
    now = timezone.now()
    try:
        asked = asked_of(request, project, now=now, default_range=board.default_range)
    except ApiError as error:
        return HttpResponse(f"{error.field}: {error}", status=400, content_type="text/plain; charset=utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, one in enumerate(board.panels, start=1):
            archive.writestr(f"{number:02}_{_file_name(one.title)}.csv", as_csv(rows_of(one.answer(asked))))
    answer = HttpResponse(packed.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{_file_name(board.title)}_{now:%Y%m%dT%H%M}.zip"'
    return answer


def _file_name(title: str) -> str:
    """A title in letters that every system takes for a file."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in title).split()
    return "_".join(words)[:MAX_NAME] or "board"
