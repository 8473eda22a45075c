"""Liveness and readiness, for whoever restarts or routes. They say nothing about anybody's data."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from observatory.core.methods import reads_only
from observatory.health import followers
from observatory.health.component import HEALTHY, OFF

CHECKS = {"digest": followers.digest, "roll_up": followers.rollup, "worker": followers.worker, "beat": followers.beat}


@reads_only
def livez(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


_has_seen_all_migrations = False


@reads_only
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and every migration is applied, else 503 with the reason.

    What runs in other processes is told, and changes no status: this one takes data in while the worker is busy or away,
    and would lose its traffic to nobody.
    """
    try:
        missing = missing_migrations()
        degraded = {} if missing else _degraded()
    except Error:
        return JsonResponse({"status": "unavailable", "reason": "The database cannot be reached."}, status=503)
    if missing:
        return JsonResponse({"status": "unavailable", "reason": f"{missing} migrations are not applied."}, status=503)
    return JsonResponse({"status": "degraded", "degraded": degraded} if degraded else {"status": "ok"})


def _degraded() -> dict[str, str]:
    now = timezone.now()
    found = {name: check(now) for name, check in CHECKS.items()}
    return {name: detail for name, (status, detail) in found.items() if status not in {HEALTHY, OFF}}


def missing_migrations() -> int:
    """Ask the database, and read the migration files only until they were once all applied: that takes 100 ms."""
    global _has_seen_all_migrations
    if _has_seen_all_migrations:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return 0
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _has_seen_all_migrations = missing == 0
    return missing
