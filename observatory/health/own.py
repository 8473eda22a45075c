"""The components of Observatory itself."""

import shutil
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from interactions.metrics.system import health_word
from observatory.health import followers
from observatory.health.component import DEGRADED, FAILING, HEALTHY, OFF, UNKNOWN, Component, Judged, checked
from observatory.health.ready import missing_migrations
from observatory.metrics import catalogue, series
from observatory.metrics.exposition.accept import TEXT
from observatory.metrics.exposition.expose import expose
from observatory.metrics.series import Window
from observatory.watch.queues import waiting_messages

SLOW_MS = 1_000.0
DISK_DEGRADED, DISK_FAILING = 90.0, 97.0  # percent in use
MACHINE_SEEN = timedelta(minutes=5)
MACHINE_STATUS = {"healthy": HEALTHY, "warning": DEGRADED, "critical": FAILING}


def own_components(project_id: int, *, now: datetime) -> list[Component]:
    """Return how each is. `project_id` is whose metrics are exposed, and whose machines are shown."""
    return [
        not_slow(checked("database", database)),
        checked("broker", broker),
        checked("worker", lambda: followers.worker(now)),
        checked("beat", lambda: followers.beat(now)),
        checked("digest", lambda: followers.digest(now)),
        checked("roll-up", lambda: followers.rollup(now)),
        checked("scoring", lambda: followers.scoring(now)),
        checked("disk", disk),
        checked("machine", lambda: machine(project_id, now)),
        not_slow(checked("metrics endpoint", lambda: metrics_endpoint(project_id, now))),
    ]


def not_slow(one: Component) -> Component:
    if one.status == HEALTHY and (one.latency_ms or 0) > SLOW_MS:
        return Component(one.name, DEGRADED, f"It is slow. {one.detail}", one.latency_ms)
    return one


def database() -> Judged:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    missing = missing_migrations()
    if missing:
        return FAILING, f"{missing} migrations are not applied."
    return HEALTHY, f"{connection.display_name} answers."


def broker() -> Judged:
    waiting = waiting_messages()
    if waiting is None:
        return OFF, "There is none: the work is found in the database."
    return HEALTHY, f"{waiting} messages wait."


def disk() -> Judged:
    usage = shutil.disk_usage(settings.DATA_DIR)
    percent = 100 * usage.used / ((usage.used + usage.free) or 1)  # without what is kept for the administrator
    detail = f"{percent:.0f} % in use, {usage.free / 1e9:.1f} GB free."
    if percent > DISK_FAILING:
        return FAILING, detail
    return DEGRADED if percent > DISK_DEGRADED else HEALTHY, detail


def machine(project_id: int, now: datetime) -> Judged:
    """The worst of the project's machines, or of Observatory's where it has none, by the score of ledger M5."""
    window = Window(now - MACHINE_SEEN, now + timedelta(minutes=1))
    hosts = series.summaries(catalogue.metric("system.health_score"), project_id=project_id, window=window, by=("host",))
    # The mean of the window: a machine that is busy for a moment is not ill.
    scores = [(one.mean, labels[0]) for labels, one in hosts.items() if one.mean is not None]
    if not scores:
        return UNKNOWN, "No machine has reported within five minutes."
    score, host = min(scores)
    return MACHINE_STATUS[health_word(score)], f"{host}: {score:.0f} of 100 in the last five minutes."


def metrics_endpoint(project_id: int, now: datetime) -> Judged:
    lines = expose(project_id, now=now, content_type=TEXT).count("\n")
    return HEALTHY, f"{lines} lines."
