"""The only door to a project: the one that a page is about. What people may do there is decided in roles.py.

A project that does not exist and one that is somebody else's look the same: 404.
"""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from observatory.projects.models import Project
from observatory.projects.own import OWN_SLUG
from observatory.projects.roles import NO_PROJECT, Person, Role, is_enough, projects_where, require_of, role_of, roles_of

LAST_PROJECT = "observatory_project"  # the cookie


def projects_for(user: Person) -> QuerySet[Project]:
    """The projects this person may look at: all for a superuser, else those of the memberships."""
    return projects_where(user, Role.VIEWER)


def roles_on(request: HttpRequest) -> dict[Project, Role]:
    """`roles_of` the person, read once for a page: its frame, its project and its rights are all found there."""
    kept = vars(request)
    if "observatory_roles" not in kept:
        kept["observatory_roles"] = roles_of(request.user)
    return kept["observatory_roles"]


def may_here(request: HttpRequest, project: Project, role: Role) -> bool:
    """`roles.may`, from what was read for the page; and of a project that this very request made."""
    return is_enough(roles_on(request).get(project) or role_of(request.user, project), role)


def may_somewhere(request: HttpRequest, role: Role) -> bool:
    """Whether there is a project in which this person is at least `role`: else its pages are not shown at all.

    For a superuser there always is: who sees no project may make the first one.
    """
    if request.user.is_active and request.user.is_superuser:
        return True
    return any(is_enough(held, role) for held in roles_on(request).values())


def current_project(request: HttpRequest) -> Project | None:
    """The project of `?project=SLUG`, else the one last looked at, else this person's first one; None without any.

    Observatory itself comes last.
    """
    slug = request.GET.get("project")
    return default_project(request, roles_on(request)) if slug is None else project_of_slug(request, slug)


def project_of_slug(request: HttpRequest, slug: str) -> Project:
    for project in roles_on(request):
        if project.slug == slug:
            return project
    raise Http404(NO_PROJECT)


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
    require_of(roles_on(request)[project], role)
    return project
