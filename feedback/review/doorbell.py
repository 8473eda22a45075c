"""Waking the worker to draw answers for review; it also does so each hour."""

from interactions.ingest.doorbell import Doorbell


def _send() -> None:
    from feedback.tasks import draw_reviews  # it imports what no page needs

    draw_reviews.apply_async(expires=60, retry=False)


_doorbell = Doorbell(_send)


def ring() -> None:
    """Ask for it soon."""
    _doorbell.ring()
