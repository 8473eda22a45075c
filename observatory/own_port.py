"""The port of Prometheus: a second listener of the web process that answers /metrics and nothing else.

It lets scrapes come by an inner network while the application's port is open to clients. A key is needed all the same.
Several web processes share the port; each of them tells the same.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from observatory.core.serving.body import BodyRefused, Message, Receive, Send
from observatory.core.serving.environ import Scope
from observatory.core.serving.refusal import refuse

Application = Callable[[Scope, Receive, Send], Awaitable[None]]
PATHS = frozenset({"/metrics", "/metrics/raw", "/metrics/process"})
ELSEWHERE = BodyRefused(404, "not_found", "This port answers /metrics only.")


class Listener(uvicorn.Server):
    """A server within another one's process, which keeps the signals and ends this one."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class WithOwnPort:
    """An ASGI application that answers its metrics on a port of their own, too, from its start to its end."""

    def __init__(self, application: Application, *, host: str, port: int, is_behind_https: bool):
        self.application, self.address, self.is_behind_https = application, (host, port), is_behind_https
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            http="httptools",
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        self.listener = Listener(config)
        self.serving: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.application(scope, self._stopping(receive), self._starting(send))
        else:
            await self.application(scope, receive, send)

    def _starting(self, send: Send) -> Send:
        async def sends(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                try:
                    self.serving = asyncio.create_task(self.listener.serve([listen(*self.address)]))
                except OSError as error:
                    host, port = self.address
                    reason = f"Cannot listen on OBSERVATORY_METRICS_PORT ({host} port {port}): {error.strerror}."
                    message = {"type": "lifespan.startup.failed", "message": reason}
            await send(message)

        return sends

    def _stopping(self, receive: Receive) -> Receive:
        async def receives() -> Message:
            message = await receive()
            if message["type"] == "lifespan.shutdown" and self.serving is not None:
                self.listener.should_exit = True
                await self.serving
            return message

        return receives

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in PATHS:
            await refuse(ELSEWHERE, receive, send)
            return
        await self.application({**scope, "headers": self._headers(scope)}, receive, send)

    def _headers(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """Who opens this port says that the way to it is trusted: plain HTTP is not refused on it."""
        headers: list[tuple[Any, Any]] = [one for one in scope["headers"] if one[0] != b"x-forwarded-proto"]
        return [*headers, (b"x-forwarded-proto", b"https")] if self.is_behind_https else headers


def listen(host: str, port: int) -> socket.socket:
    """A socket that the processes of one user may share, bound. OSError if another program has the port."""
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    found = socket.socket(family, kind, protocol)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        found.bind(address)
    except OSError:
        found.close()
        raise
    return found
