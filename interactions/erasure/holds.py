"""Legal hold: of a held project nothing is deleted, and no erasure begins that goes through it."""

from collections.abc import Iterable

from observatory.projects.models import Project


class ProjectHeld(Exception):
    """The project is on legal hold: nothing of it may be deleted. The text says why."""

    def __init__(self, project: Project):
        super().__init__(f"The project {project.slug} is on legal hold, nothing of it may be deleted: {project.hold_reason}")


def with_restorations(project: Project) -> list[Project]:
    """The project and those that were restored from it: an erasure goes through all of them."""
    return [project, *project.restorations.order_by("id")]


def refuse_if_held(projects: Iterable[Project]) -> None:
    """Raise ProjectHeld if one of the projects is on hold at this moment. Call it in each transaction that deletes."""
    held = Project.objects.filter(pk__in=[project.pk for project in projects], is_held=True).order_by("id").first()
    if held is not None:
        raise ProjectHeld(held)
