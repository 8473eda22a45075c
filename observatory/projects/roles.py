"""Who may do what in a project: the one place that decides it.

A viewer looks. An editor also changes what members share: saved views, boards, and has failed work tried again. An owner
also configures: settings, members, keys, erasures, re-pricing. A superuser is an owner of every project.
What belongs to a project of somebody else does not exist (404); what one sees and may not do is refused (403).
"""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from observatory.projects.models import Membership, Project

Person = User | AnonymousUser
Role = Membership.Role
RISING = (Role.VIEWER, Role.EDITOR, Role.OWNER)
NO_PROJECT = "There is no such project."


def projects_where(user: Person, role: Role) -> QuerySet[Project]:
    """The projects in which this person is at least `role`."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return Project.objects.none()
    if user.is_superuser:
        return Project.objects.all()
    return Project.objects.filter(memberships__user=user, memberships__role__in=RISING[RISING.index(role) :])


def roles_of(user: Person) -> dict[Project, Role]:
    """Every project this person may look at, by slug, with the role held there: all that a page asks, in one query."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return {}
    if user.is_superuser:
        return dict.fromkeys(Project.objects.all(), Role.OWNER)
    held = Membership.objects.filter(user=user).select_related("project").order_by("project__slug")
    return {one.project: Role(one.role) for one in held}


def role_of(user: Person, project: Project) -> Role | None:
    """None: not a member, for whom the project does not exist."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return None
    if user.is_superuser:
        return Role.OWNER
    held = Membership.objects.filter(user=user, project=project).values_list("role", flat=True).first()
    return Role(held) if held else None


def may(user: Person, project: Project, role: Role) -> bool:
    return is_enough(role_of(user, project), role)


def is_enough(held: Role | None, role: Role) -> bool:
    return held is not None and RISING.index(held) >= RISING.index(role)


def may_edit(user: Person, project: Project) -> bool:
    return may(user, project, Role.EDITOR)


def may_own(user: Person, project: Project) -> bool:
    return may(user, project, Role.OWNER)


def require(user: Person, project: Project, role: Role) -> None:
    """Return if the person is at least `role`; else the project is unknown (404), or the act forbidden (403)."""
    require_of(role_of(user, project), role)


def require_of(held: Role | None, role: Role) -> None:
    """`require`, of somebody whose role is known."""
    if held is None:
        raise Http404(NO_PROJECT)
    if RISING.index(held) < RISING.index(role):
        raise PermissionDenied(f"This needs the role {role.label} in the project; you are {held.label}.")


@dataclass(frozen=True, slots=True)
class Rights:
    """What a template asks, as `may.edit`: rights in the project of the page."""

    view: bool = False
    edit: bool = False
    own: bool = False


def rights_in(user: Person, project: Project | None) -> Rights:
    return rights_of(role_of(user, project) if project else None)


def rights_of(held: Role | None) -> Rights:
    if held is None:
        return Rights()
    return Rights(*(RISING.index(held) >= step for step in range(len(RISING))))
