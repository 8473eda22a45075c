"""Asking for an erasure: a row that waits, and is the receipt later."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from interactions.models import Erasure
from observatory.projects.models import Project

SALT = "observatory.erasure"


class ProjectHeld(Exception):
    """The project is on legal hold: nothing of it may be deleted. The text says why."""

    def __init__(self, project: Project):
        super().__init__(f"The project {project.slug} is on legal hold, nothing of it may be deleted: {project.hold_reason}")


def request_erasure(*, project: Project, kind: str, subject: str, by: str, now: datetime) -> Erasure:
    """Store the wish to forget a user or a session and return it, waiting; ProjectHeld if it may not be fulfilled."""
    with transaction.atomic():
        project.refresh_from_db(fields=["is_held", "hold_reason"])
        if project.is_held:
            raise ProjectHeld(project)
        return Erasure.objects.create(
            project=project,
            kind=kind,
            subject=subject,
            subject_hash=hash_of(subject),
            requested_by=by[:160],
            requested_at=now,
        )


def hash_of(subject: str) -> str:
    """What the receipt keeps of an id: whoever has the id and this installation's key can compare, nobody can go back."""
    return salted_hmac(SALT, subject, algorithm="sha256").hexdigest()
