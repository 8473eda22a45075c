"""HTTP middleware for ASGI (T2): `app = ObservatoryASGI(app)`. FastAPI, Starlette: `app.add_middleware(ObservatoryASGI)`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from observatory_client.client import Client
from observatory_client.default import get_client
from observatory_client.http_request import endpoint_of, report, user_type_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
CLIENT_WENT = 499


class ObservatoryASGI:
    """Records each HTTP request as an `http.request` event.

    endpoint(scope), user_type(scope): where the framework's own router and user are not enough.
    """

    def __init__(
        self,
        app: Callable[[Scope, Receive, Send], Awaitable[None]],
        client: Client | None = None,
        *,
        endpoint: Callable[[Scope], str] | None = None,
        user_type: Callable[[Scope], str] | None = None,
    ):
        self.app, self.client = app, client
        self._endpoint, self._user_type = endpoint or route_of, user_type or user_type_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun, status, root = time.perf_counter(), 0, scope.get("root_path", "")

        async def watch(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            return await self.app(scope, receive, watch)
        except asyncio.CancelledError:
            status = status or CLIENT_WENT
            raise
        finally:
            self._report(scope, status or 500, begun, root)

    def _report(self, scope: Scope, status: int, begun: float, root: str) -> None:
        client = self.client or get_client()
        try:
            # A router that is mounted within another one knows its own part of the path; the rest became its root.
            mount, route = scope.get("root_path", "").removeprefix(root), self._endpoint(scope)
            endpoint = endpoint_of(route and mount + route, scope["path"], scope.get("path_params"), status)
            report(
                client,
                method=scope["method"],
                endpoint=endpoint,
                status=status,
                user_type=self._user_type(scope),
                begun=begun,
            )
        except Exception as error:  # noqa: BLE001  (monitoring never breaks the application)
            client.say("http", "A request could not be recorded: %r", error)


def route_of(scope: Scope) -> str:
    """The template of the route that FastAPI, Starlette or Litestar chose, or ""."""
    path = getattr(scope.get("route"), "path", None) or scope.get("path_template")
    return path if isinstance(path, str) else ""


def user_type_in(scope: Scope) -> str:
    return user_type_of(scope.get("user"))
