"""The choice that every page of the screen keeps in its URL: the project, and the time range."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest

FRAME_PARAMETERS = ("project", "range", "since", "until")


def frame_choice(request: HttpRequest) -> dict[str, str]:
    """What this page was opened with, to be carried to the next one."""
    chosen = {name: request.GET[name] for name in FRAME_PARAMETERS if request.GET.get(name)}
    if chosen or "_changelist_filters" not in request.GET:
        return chosen
    # Django's forms carry the list they came from, whole, in one parameter.
    carried = parse_qs(request.GET["_changelist_filters"], max_num_fields=50)
    return {name: carried[name][0] for name in FRAME_PARAMETERS if name in carried}


def with_frame(url: str, request: HttpRequest, **changes: str | None) -> str:
    """`url` with the choice of this page, changed by `changes`; None leaves a parameter out."""
    return with_choice(url, {**frame_choice(request), **changes})


def with_choice(url: str, chosen: Mapping[str, str | None]) -> str:
    query = urlencode({name: value for name, value in chosen.items() if value is not None})
    return f"{url}?{query}" if query else url


class FramedChangeList(ChangeList):
    """Django's list, which takes each parameter that it does not know for a filter: ours are not."""

    def get_filters_params(self, params: dict | None = None) -> dict:
        found = {name: values for name, values in super().get_filters_params(params).items() if name not in FRAME_PARAMETERS}
        if any("\x00" in value for values in found.values() for value in values):
            raise IncorrectLookupParameters  # PostgreSQL takes no NUL; Django answers with the list, unfiltered
        return found
