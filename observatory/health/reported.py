"""The components of an observed application, as it reports them by `component.health` events."""

from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Max, Q

from interactions.metrics.system import health_of
from interactions.models import Event
from interactions.models.event import COMPONENT_HEALTH
from observatory.health.component import DEGRADED, FAILING, HEALTHY, UNKNOWN, Component
from observatory.metrics.rollup.collect import number

SHOWN, FRESH = timedelta(hours=1), timedelta(minutes=5)
AHEAD = timedelta(minutes=1)  # clocks of clients that go fast
MOST = 100
LONGEST_DETAIL = 500


def reported(project_id: int, *, now: datetime) -> list[Component]:
    """Return the latest report of each component within an hour, by name."""
    rows = Event.objects.filter(project_id=project_id, type=COMPONENT_HEALTH)
    recent = rows.filter(occurred_at__gte=now - SHOWN, occurred_at__lt=now + AHEAD).exclude(component="")
    latest = list(recent.values_list("component").annotate(Max("occurred_at")).order_by("component")[:MOST])
    if not latest:
        return []
    wanted = reduce(or_, (Q(component=component, occurred_at=at) for component, at in latest))
    found = {event.component: event for event in recent.filter(wanted).order_by("id")}
    return [_component(event, now=now) for _, event in sorted(found.items())]


def _component(event: Event, *, now: datetime) -> Component:
    health = health_of(event.data)
    status = UNKNOWN if health is None else {1.0: HEALTHY, 0.5: DEGRADED}.get(health, FAILING)
    detail = _text(event.data.get("detail"))
    age = now - event.occurred_at
    if age > FRESH:
        status, detail = UNKNOWN, f"Last heard of {age.total_seconds() / 60:.0f} min ago as {status}. {detail}".rstrip()
    latency = number(event.data.get("latency_ms"))
    return Component(event.component, status, detail, latency, _text(event.data.get("state")) or None)


def _text(value: object) -> str:
    return value[:LONGEST_DETAIL] if isinstance(value, str) else ""
