"""Addresses of the pages of scores."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from observatory.projects.frame import with_choice
from observatory.projects.models import Project


def to_scores(project: Project, **more: str) -> str:
    return with_choice(reverse("admin:feedback_score_changelist"), {"project": project.slug, **more})


def to_score(project: Project, pk: int) -> str:
    return with_choice(reverse("admin:feedback_score_change", args=[pk]), {"project": project.slug})


def to_answer(project: Project, interaction_id: UUID | None) -> str:
    """The page of the answer; "" of what is said of no interaction."""
    if interaction_id is None:
        return ""
    url = reverse("admin:interactions_interaction_change", args=[interaction_id])
    return f"{with_choice(url, {'project': project.slug})}#scores"


def to_training(project: Project, page: str = "", **more: Any) -> str:
    return with_choice(reverse(f"admin:feedback_training{page}"), {"project": project.slug, **more})
