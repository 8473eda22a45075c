"""Connections to a judge: to an address that was looked at, and to no other."""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from functools import cache
from typing import Any

import httpcore2

from feedback.quality.judge.addresses import why_refused
from feedback.quality.judge.failures import Busy, Refused


class Guarded(httpcore2.AsyncNetworkBackend):
    """Resolves a name once and connects to what it found, so a name cannot lead elsewhere afterwards (DNS rebinding).

    All addresses of the name must be allowed. TLS is held against the name, as ever.
    """

    def __init__(self, *, may_be_private: bool, is_plain: bool) -> None:
        self._may_be_private, self._is_plain = may_be_private, is_plain
        self._inner = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        addresses = await resolved(host, port)
        for address in addresses:
            if reason := why_refused(address, may_be_private=self._may_be_private, is_plain=self._is_plain):
                raise Refused(f"{host} is refused: {reason}")
        last: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore2.ConnectError as error:
                last = error
        raise Busy(f"{host} cannot be reached at port {port}") from last

    async def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore2.AsyncNetworkStream:
        raise Refused("A judge is not asked over a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def resolved(host: str, port: int) -> list[str]:
    """The addresses of a name, each once, in the resolver's order."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Busy(f"The name {host} cannot be resolved") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@cache
def _tls() -> ssl.SSLContext:
    """Read once: it holds all the authorities of the machine."""
    return ssl.create_default_context()


def pool(*, may_be_private: bool, is_plain: bool, most: int) -> httpcore2.AsyncConnectionPool:
    """Follows no redirect, asks no proxy, and reads nothing from the environment."""
    return httpcore2.AsyncConnectionPool(
        ssl_context=_tls(),
        max_connections=most,
        network_backend=Guarded(may_be_private=may_be_private, is_plain=is_plain),
    )
