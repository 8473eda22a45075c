"""The navigation of the screen, declared: a new page is one line here."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from observatory.projects.access import default_project, may_somewhere, project_of_slug, roles_on
from observatory.projects.frame import frame_choice, with_choice
from observatory.projects.models import Project
from observatory.projects.roles import Role


def everyone(request: HttpRequest) -> bool:
    return True


def owners(request: HttpRequest) -> bool:
    return may_somewhere(request, Role.OWNER)


def superusers(request: HttpRequest) -> bool:
    return request.user.is_superuser


@dataclass(frozen=True, slots=True)
class Entry:
    """A page: `view` names its URL; every page whose URL name begins with one of `covers` belongs to it.

    With a `query` it is one of several pages of that URL, and only the page with this query belongs to it.
    """

    label: str
    icon: str
    view: str
    covers: tuple[str, ...]
    shown_to: Callable[[HttpRequest], bool] = everyone
    query: tuple[tuple[str, str], ...] = ()

    @property
    def address(self) -> str:
        return _address(self.view, get_script_prefix())

    def url(self, chosen: Mapping[str, str]) -> str:
        """Its address, with the project and the range that are chosen."""
        return with_choice(self.address, {**chosen, **dict(self.query)})


@cache  # every page asks for each of them
def _address(view: str, prefix: str) -> str:
    """The URL of a page below `prefix`, which is that of the request."""
    return reverse(view)


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


NAVIGATION = (
    Group(
        "",
        (
            Entry("Overview", "home", "admin:index", ("index",)),
            Entry("Live", "live", "admin:reports_live", ("reports_live",)),
        ),
    ),
    Group(
        "Observe",
        (
            Entry(
                "Interactions",
                "interactions",
                "admin:interactions_interaction_changelist",
                ("interactions_interaction_", "interactions_trace"),
            ),
            Entry("Sessions", "sessions", "admin:interactions_session_list", ("interactions_session_",)),
            Entry("Users", "people", "admin:interactions_user_list", ("interactions_user_",)),
            Entry(
                "Cost and models", "price", "admin:reports_board_view", ("reports_board_view",), query=(("name", "cost"),)
            ),
            Entry(
                "Resources", "machine", "admin:reports_board_view", ("reports_board_view",), query=(("name", "resources"),)
            ),
            Entry("Boards", "board", "admin:reports_board_changelist", ("reports_board_",)),
            Entry("Metrics", "metrics", "admin:metrics_series_changelist", ("metrics_series_",)),
            Entry("Metrics health", "gauge", "admin:metrics_health", ("metrics_health", "metrics_health_")),
            Entry(
                "Ingest health", "health", "admin:interactions_ingestoutcome_changelist", ("interactions_ingestoutcome_",)
            ),
        ),
    ),
    Group(
        "Feedback and quality",
        (
            Entry("Feedback", "star", "admin:reports_board_view", ("reports_board_view",), query=(("name", "feedback"),)),
            Entry("Quality", "guardrail", "admin:reports_board_view", ("reports_board_view",), query=(("name", "quality"),)),
            Entry("Scores", "gauge", "admin:feedback_score_changelist", ("feedback_score_", "feedback_training")),
            Entry("Evaluations", "tool", "admin:feedback_batch_changelist", ("feedback_batch_",)),
            Entry("Evaluators", "evaluator", "admin:feedback_evaluatorsetting_changelist", ("feedback_evaluatorsetting_",)),
            Entry("Review", "check", "admin:feedback_reviewitem_changelist", ("feedback_reviewitem_",)),
            Entry("Calibration", "target", "admin:feedback_calibration", ("feedback_calibration", "feedback_canary_")),
        ),
    ),
    Group(
        "Configure",
        (
            Entry("Projects", "projects", "admin:projects_project_changelist", ("projects_project_",), owners),
            Entry("API keys", "key", "admin:projects_apikey_changelist", ("projects_apikey_",), owners),
            Entry("Judge", "judge", "admin:feedback_judge_changelist", ("feedback_judge_",), owners),
            Entry("Erasures", "lock", "admin:interactions_erasure_changelist", ("interactions_erasure_",)),
            Entry("Archive", "interactions", "admin:interactions_archivefile_changelist", ("interactions_archivefile_",)),
            Entry("API", "chain", "api", ("api",)),
            Entry("Prices", "price", "admin:interactions_price_changelist", ("interactions_price_",), superusers),
            Entry("Re-pricing", "price", "admin:interactions_repricing_changelist", ("interactions_repricing_",), owners),
            Entry("Accounts", "people", "admin:auth_user_changelist", ("auth_user_", "projects_membership_"), superusers),
            Entry(
                "Schedule",
                "schedule",
                "admin:django_celery_beat_periodictask_changelist",
                ("django_celery_beat_",),
                superusers,
            ),
        ),
    ),
)


def navigation_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The groups and links that this person sees, each link with the project and the range of this page."""
    current, chosen = current_entry(request), frame_choice(request)
    groups = ({"title": group.title, "links": list(_links(group, request, current, chosen))} for group in NAVIGATION)
    return [group for group in groups if group["links"]]


def _links(group: Group, request: HttpRequest, current: Entry | None, chosen: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    carried = with_choice("", chosen)
    for entry in group.entries:
        if entry.shown_to(request):
            url = entry.url(chosen) if entry.query else entry.address + carried
            yield {"label": entry.label, "icon": entry.icon, "url": url, "is_current": entry is current}


def covers(entry: Entry, request: HttpRequest) -> bool:
    name = request.resolver_match.url_name if request.resolver_match else None
    if name is None:
        return False
    if any(request.GET.get(key) != value for key, value in entry.query):
        return False
    return any(name == part or (part.endswith("_") and name.startswith(part)) for part in entry.covers)


def current_entry(request: HttpRequest) -> Entry | None:
    """The entry that this page belongs to: one with a query, which is more exact, goes first."""
    found = [entry for group in NAVIGATION for entry in group.entries if covers(entry, request)]
    return next((entry for entry in found if entry.query), None) or next(iter(found), None)


def project_choices(request: HttpRequest) -> tuple[Project | None, list[dict[str, Any]]]:
    """The current project and the switch: each choice leads to the list of this page in the other project."""
    projects, chosen = roles_on(request), frame_choice(request)
    slug = chosen.get("project")
    current = default_project(request, projects) if slug is None else project_of_slug(request, slug)
    home = current_entry(request) or NAVIGATION[0].entries[0]
    choices = [
        {"name": project.name, "url": home.url({**chosen, "project": project.slug}), "is_current": project == current}
        for project in projects
    ]
    return current, choices
