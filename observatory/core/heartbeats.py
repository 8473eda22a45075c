"""Heartbeats: what runs all the time says so now and then, and others see when it has stopped."""

from datetime import datetime

from observatory.core.models import Heartbeat


def beat(name: str, *, now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def age_s(name: str, *, now: datetime) -> float | None:
    """Return the seconds since the last heartbeat, None if there never was one."""
    at = Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()
    return None if at is None else max(0.0, (now - at).total_seconds())
