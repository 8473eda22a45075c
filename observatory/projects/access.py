"""The only door to a project: who sees it, and who may change what belongs to it.

A project that does not exist and one that is somebody else's look the same: 404.
"""

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from observatory.projects.models import Membership, Project
from observatory.projects.own import OWN_SLUG

Person = User | AnonymousUser
NO_PROJECT = "There is no such project."


def projects_for(user: Person) -> QuerySet[Project]:
    """The projects this person may look at: all for a superuser, else those of the memberships."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Project.objects.none()
    if user.is_superuser:
        return Project.objects.all()
    return Project.objects.filter(memberships__user=user)


def projects_owned_by(user: Person) -> QuerySet[Project]:
    """The projects whose keys this person may manage."""
    if isinstance(user, AnonymousUser) or not user.is_active or user.is_superuser:
        return projects_for(user)
    return Project.objects.filter(memberships__user=user, memberships__role=Membership.Role.OWNER)


def project_or_404(user: Person, slug: str) -> Project:
    # PostgreSQL refuses a NUL where SQLite finds nothing.
    project = None if "\x00" in slug else projects_for(user).filter(slug=slug).first()
    if project is None:
        raise Http404(NO_PROJECT)
    return project


def current_project(request: HttpRequest) -> Project | None:
    """The project of `?project=SLUG`, else this person's first one, Observatory itself last; None without any."""
    slug = request.GET.get("project")
    if slug is None:
        projects = projects_for(request.user)
        return projects.exclude(slug=OWN_SLUG).first() or projects.first()
    return project_or_404(request.user, slug)
