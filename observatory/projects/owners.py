"""Every project keeps an owner: without one, only a superuser could open its settings again."""

from collections.abc import Collection

from django.db.models import QuerySet

from observatory.projects.models import Membership, Project
from observatory.projects.roles import Role


def lock_members(projects: QuerySet[Project]) -> None:
    """Two who take the last two owners out at once pass one after the other. To the end of the transaction."""
    list(projects.order_by("pk").select_for_update().values_list("pk", flat=True))


def projects_of_owners(user_ids: Collection[int]) -> QuerySet[Project]:
    """The projects that one of these people owns."""
    owned = Membership.objects.filter(user__in=user_ids, role=Role.OWNER).values("project")
    return Project.objects.filter(pk__in=owned)


def projects_left_without(user_ids: Collection[int]) -> list[Project]:
    """The projects that would have no owner without these people, and have one now."""
    others = Membership.objects.filter(role=Role.OWNER).exclude(user__in=user_ids).values("project")
    return list(projects_of_owners(user_ids).exclude(pk__in=others))


def only_owner_of(user_ids: Collection[int], *, but: Collection[Project] = ()) -> list[str]:
    """Why these people cannot leave, a sentence for each project, `but` some, that would have no owner."""
    return [
        f"The project {project.name} would have no owner: make somebody else an owner of it first."
        for project in projects_left_without(user_ids)
        if project not in but
    ]
