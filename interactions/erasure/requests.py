"""Asking for an erasure: a row that waits, and is the receipt later."""

from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from interactions.erasure.holds import refuse_if_held, with_restorations
from interactions.models import Erasure
from observatory.projects.models import Project

SALT = "observatory.erasure"


def request_erasure(*, project: Project, kind: str, subject: str, by: str, now: datetime) -> Erasure:
    """Store the wish to forget a user or a session and return it, waiting; ProjectHeld if it may not be fulfilled.

    A wish that waits already, and was not begun, is the same wish.
    """
    with transaction.atomic():
        refuse_if_held(with_restorations(project))
        same = Erasure.objects.filter(project=project, kind=kind, subject=subject, started_at=None)
        waiting = same.filter(status=Erasure.Status.WAITING).order_by("id").first()
        if waiting is not None:
            return waiting
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
