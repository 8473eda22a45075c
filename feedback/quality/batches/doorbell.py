"""Waking the worker for an evaluation; it also looks by itself."""

from django.conf import settings

from interactions.ingest.doorbell import Doorbell


def _send() -> None:
    from feedback.tasks import evaluate  # it imports what no page needs

    evaluate.apply_async(expires=60, retry=False)


_doorbell = Doorbell(_send)


def ring() -> None:
    """Ask for it soon; call it after the commit."""
    if settings.CELERY_BROKER_URL:
        _doorbell.ring()
