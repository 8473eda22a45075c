"""The only door to a project: the one that a page is about. What people may do there is decided in roles.py.

A project that does not exist and one that is somebody else's look the same: 404.
"""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from observatory.projects.models import Project
from observatory.projects.own import OWN_SLUG
from observatory.projects.roles import NO_PROJECT, Person, Role, projects_where, require

LAST_PROJECT = "observatory_project"  # the cookie


def projects_for(user: Person) -> QuerySet[Project]:
    """The projects this person may look at: all for a superuser, else those of the memberships."""
    return projects_where(user, Role.VIEWER)


def project_or_404(user: Person, slug: str) -> Project:
    # PostgreSQL refuses a NUL where SQLite finds nothing.
    project = None if "\x00" in slug else projects_for(user).filter(slug=slug).first()
    if project is None:
        raise Http404(NO_PROJECT)
    return project


def current_project(request: HttpRequest) -> Project | None:
    """The project of `?project=SLUG`, else the one last looked at, else this person's first one; None without any.

    Observatory itself comes last.
    """
    slug = request.GET.get("project")
    if slug is None:
        return default_project(request, projects_for(request.user))
    return project_or_404(request.user, slug)


def default_project(request: HttpRequest, projects: Iterable[Project]) -> Project | None:
    """The one of `projects` that a page opens which names none; see `current_project`. The browser remembers: frame.js."""
    last = request.COOKIES.get(LAST_PROJECT, "")
    ordered = sorted(projects, key=lambda project: (project.slug != last, project.slug == OWN_SLUG))
    return next(iter(ordered), None)


def chosen_project(request: HttpRequest, role: Role = Role.VIEWER) -> Project:
    """The current project, for a page or an act that needs one: 404 without any, 403 if `role` is not held there."""
    project = current_project(request)
    if project is None:
        raise Http404("You are not a member of any project.")
    if role is not Role.VIEWER:  # whoever has found it sees it
        require(request.user, project, role)
    return project
