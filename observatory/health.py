"""Liveness and readiness, for whoever restarts or routes. They say nothing about anybody's data."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


def livez(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


_has_seen_all_migrations = False


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and every migration is applied, else 503 with the reason."""
    try:
        missing = _missing_migrations()
    except Error:
        return JsonResponse({"status": "unavailable", "reason": "The database cannot be reached."}, status=503)
    if missing:
        return JsonResponse({"status": "unavailable", "reason": f"{missing} migrations are not applied."}, status=503)
    return JsonResponse({"status": "ok"})


def _missing_migrations() -> int:
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
