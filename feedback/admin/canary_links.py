"""Addresses of the pages of canaries."""

from django.urls import reverse

from observatory.projects.frame import with_choice
from observatory.projects.models import Project


def to_canaries(project: Project) -> str:
    return with_choice(reverse("admin:feedback_canary_changelist"), {"project": project.slug})


def act_on_canary(project: Project, act: str, pk: int | None = None) -> str:
    args = [] if pk is None else [pk]
    return with_choice(reverse(f"admin:feedback_canary_{act}", args=args), {"project": project.slug})
