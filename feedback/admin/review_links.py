"""Addresses of the pages of review."""

from django.urls import reverse

from observatory.projects.frame import with_choice
from observatory.projects.models import Project


def to_queue(project: Project, **more: str) -> str:
    return with_choice(reverse("admin:feedback_reviewitem_changelist"), {"project": project.slug, **more})


def to_calibration(project: Project) -> str:
    return with_choice(reverse("admin:feedback_calibration"), {"project": project.slug})


def to_item(project: Project, pk: int) -> str:
    return with_choice(reverse("admin:feedback_reviewitem_change", args=[pk]), {"project": project.slug})


def act_on(project: Project, act: str, pk: int | None = None) -> str:
    """Where a form posts that acts on an item, or on the queue."""
    return with_choice(
        reverse(f"admin:feedback_reviewitem_{act}", args=[] if pk is None else [pk]), {"project": project.slug}
    )
