"""Heartbeats: what runs all the time says so now and then, and others see when it has stopped."""

from datetime import datetime, timedelta

from observatory.core.leases import CLOCKS_DIFFER
from observatory.core.models import Heartbeat


def beat(name: str, *, now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def age_s(name: str, *, now: datetime) -> float | None:
    """Return the seconds since the last heartbeat, None if there never was one.

    One from further ahead than clocks differ was sent before the clock was set back, so long ago at least.
    """
    at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    if at is None:
        return None
    age = now - at
    return age.total_seconds() if age > timedelta(0) else 0.0 if -age <= CLOCKS_DIFFER else -age.total_seconds()
