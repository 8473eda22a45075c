"""Liveness and readiness, for whoever restarts or routes. They say nothing about anybody's data."""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse


def livez(request: HttpRequest) -> JsonResponse:
    """200 while the process answers at all."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and every migration is applied, else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Error:
        return JsonResponse({"status": "unavailable", "reason": "The database cannot be reached."}, status=503)
    if missing:
        return JsonResponse({"status": "unavailable", "reason": f"{missing} migrations are not applied."}, status=503)
    return JsonResponse({"status": "ok"})
