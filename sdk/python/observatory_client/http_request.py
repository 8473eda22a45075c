"""The `http.request` event (T2): what the HTTP middlewares record."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from typing import Any

from observatory_client.client import Client

# A part of a path that names one thing, not a kind of thing: a number, a UUID, something long with digits in it.
ONE_THING = re.compile(r"\d+|[0-9a-fA-F-]{16,}|(?=[^/]*\d)[\w.~-]{20,}")
NOT_FOUND = 404


def endpoint_of(route: str, path: str, parameters: Mapping[str, Any] | None, status: int) -> str:
    """Return the template of an endpoint: the router's, else the path without what varies; one for all unknown paths."""
    if route:
        return route if route.startswith("/") else f"/{route}"
    if status == NOT_FOUND:
        return "(unknown)"
    return template_of(path, parameters)


def template_of(path: str, parameters: Mapping[str, Any] | None = None) -> str:
    """Return the path with what varies replaced by names: `/orders/{id}`. `parameters`: what the router found in it."""
    names = {str(value): name for name, value in (parameters or {}).items()}
    return "/".join(_part(part, names) for part in path.split("/"))


def _part(part: str, names: Mapping[str, str]) -> str:
    if part in names:
        return f"{{{names[part]}}}"
    return "{id}" if ONE_THING.fullmatch(part) else part


def user_type_of(user: Any) -> str:
    """`admin`, `user`, or `anonymous` for a request without a user."""
    if user is None or not getattr(user, "is_authenticated", True):
        return "anonymous"
    is_admin = any(getattr(user, name, False) is True for name in ("is_staff", "is_superuser", "is_admin"))
    return "admin" if is_admin else "user"


def report(client: Client, *, method: str, endpoint: str, status: int, user_type: str, begun: float) -> None:
    """Record one request that began at `begun` of `time.perf_counter`."""
    data = {"method": method[:16], "endpoint": endpoint[:500], "status_code": status, "user_type": user_type}
    client.event("http.request", data, duration_ms=round((time.perf_counter() - begun) * 1000, 3))
