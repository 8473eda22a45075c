"""Work that waits: rows that digest and roll-up will take, and messages at the broker."""

from django.conf import settings
from kombu.exceptions import ChannelError, OperationalError

from interactions.models import StaleTrace
from observatory.celery import app
from observatory.metrics.models import StaleBucket


def waiting_rows() -> int:
    return StaleTrace.objects.waiting().count() + StaleBucket.objects.waiting().count()


def waiting_messages() -> int | None:
    """Return the number of messages at the broker; None without one. Raises OSError or kombu's error if it is away."""
    if not settings.CELERY_BROKER_URL:
        return None
    with app.connection_for_read() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0)  # by itself it would try for ever
        try:
            queue = app.conf.task_default_queue
            return int(connection.default_channel.queue_declare(queue, passive=True).message_count)
        except ChannelError:
            return 0  # nothing was ever sent


def queue_size() -> int:
    """Return how much waits in all. A broker that is away holds nothing that the rows do not hold as well."""
    try:
        messages = waiting_messages()
    except (OperationalError, OSError):
        messages = None
    return waiting_rows() + (messages or 0)
