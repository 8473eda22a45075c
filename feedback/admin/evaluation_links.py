"""Addresses of the pages about evaluations, each with its project."""

from django.urls import reverse

from feedback.models import Batch
from observatory.projects.frame import with_choice
from observatory.projects.models import Project


def to_list(project: Project) -> str:
    return _url("batch_changelist", project)


def to_batch(batch: Batch, page: str = "change", **more: str) -> str:
    """`page` may be an act, too: pause, resume, stop."""
    return _url(f"batch_{page}", batch.project, batch.pk, **more)


def to_new(project: Project, **more: str) -> str:
    """The form for a new one; `more` may be the query of the list of interactions, or `interaction_id`."""
    return _url("batch_add", project, **more)


def to_failures(project: Project) -> str:
    return _url("batch_failures", project)


def to_again(project: Project) -> str:
    return _url("batch_again", project)


def to_evaluators(project: Project) -> str:
    return _url("evaluatorsetting_changelist", project)


def to_evaluator(project: Project, name: str = "", act: str = "edit") -> str:
    """The form of one, or with `act` remove what removes it; without a name the form of new criteria."""
    return _url(f"evaluatorsetting_{act}", project, name=name) if name else _url("evaluatorsetting_add", project)


def _url(page: str, project: Project, *arguments: object, **more: str) -> str:
    chosen: dict[str, str | None] = {"project": project.slug, **more}
    return with_choice(reverse(f"admin:feedback_{page}", args=arguments), chosen)
