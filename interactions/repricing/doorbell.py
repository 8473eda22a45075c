"""Waking the worker for a re-pricing; without a broker the schedule finds it."""

from django.conf import settings

from interactions.ingest.doorbell import Doorbell


def _send() -> None:
    from interactions.tasks import reprice  # it imports the digest, which no page needs

    reprice.apply_async(expires=60, retry=False)


_doorbell = Doorbell(_send)


def ring() -> None:
    """Ask for it soon; call it after the commit."""
    if settings.CELERY_BROKER_URL:
        _doorbell.ring()
