"""HTTP middleware for Django (T2): put `observatory_client.django_middleware.ObservatoryDjango` first into MIDDLEWARE.

Django's router and users are known inside of it only, so the ones for ASGI and WSGI cannot see them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.utils.functional import SimpleLazyObject

from observatory_client.default import get_client
from observatory_client.http_request import endpoint_of, report, user_type_of


class ObservatoryDjango:
    """Records each HTTP request as an `http.request` event. Staff and superusers are `admin`."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[Any], Any]):
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: Any) -> Any:
        if iscoroutinefunction(self):
            return self._async_call(request)
        begun, status = time.perf_counter(), 500
        try:
            response = self.get_response(request)
            status = response.status_code
            return response
        finally:
            _report(request, status, begun)

    async def _async_call(self, request: Any) -> Any:
        begun, status = time.perf_counter(), 500
        try:
            response = await self.get_response(request)
            status = response.status_code
            return response
        finally:
            _report(request, status, begun)


def _report(request: Any, status: int, begun: float) -> None:
    client = get_client()
    try:
        route = getattr(request.resolver_match, "route", "")
        endpoint = endpoint_of(route, request.path, None, status)
        report(client, method=request.method, endpoint=endpoint, status=status, user_type=_user_type(request), begun=begun)
    except Exception as error:  # noqa: BLE001  (monitoring never breaks the application)
        client.say("http", "A request could not be recorded: %r", error)


def _user_type(request: Any) -> str:
    """`unknown` if nobody asked for the user: asking now might query the database for nothing."""
    for name in ("_cached_user", "_acached_user"):
        if hasattr(request, name):
            return user_type_of(getattr(request, name))
    user = getattr(request, "user", None)
    return "unknown" if isinstance(user, SimpleLazyObject) else user_type_of(user)
