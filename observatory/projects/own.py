"""The project in which Observatory keeps what it measures of itself and of the machine that it runs on."""

from observatory.projects.models import Project

OWN_SLUG, OWN_NAME = "observatory", "Observatory itself"


def own_project() -> Project:
    """Return the project, made on first use."""
    return Project.objects.get_or_create(slug=OWN_SLUG, defaults={"name": OWN_NAME})[0]
