"""One connection to Observatory, kept open.

`http.client`, not `urllib`: applications instrument the latter, and sending must not make more to send.
"""

from __future__ import annotations

import gzip
import http.client
import time
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urlsplit

GZIP_FROM_BYTES = 2_048
MAX_ANSWER_BYTES = 4 * 1024 * 1024
MAX_RETRY_AFTER_S = 300.0
NO_ANSWER = 0


class Reply(NamedTuple):
    """`status` is NO_ANSWER if there was none; then `reason` says why."""

    status: int
    body: bytes = b""
    reason: str = ""
    retry_after_s: float | None = None


class Transport:
    """Raises ValueError for an endpoint that is none. For one thread."""

    def __init__(self, endpoint: str, key: str, *, timeout_s: float, agent: str):
        parts = urlsplit(endpoint.rstrip("/"))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"the endpoint {endpoint!r} is not an http(s) address")
        if not key.isascii() or not key.isprintable():
            raise ValueError("the key has characters that no key has")
        self._is_https, self._host, self._port = parts.scheme == "https", parts.hostname, parts.port
        self._prefix, self._timeout_s = parts.path, timeout_s
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", "User-Agent": agent}
        self._connection: http.client.HTTPConnection | None = None

    def post(self, path: str, body: bytes) -> Reply:
        """Send and return the answer; a connection that the server closed while it was idle is opened again."""
        headers = dict(self._headers)
        if len(body) >= GZIP_FROM_BYTES:
            body = gzip.compress(body, compresslevel=1)
            headers["Content-Encoding"] = "gzip"
        was_open = self._connection is not None
        reply = self._try(path, body, headers)
        if reply.status == NO_ANSWER and was_open:
            return self._try(path, body, headers)
        return reply

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _try(self, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        try:
            if self._connection is None:
                self._connection = self._connect()
            self._connection.request("POST", self._prefix + path, body, headers)
            response = self._connection.getresponse()
            content = response.read(MAX_ANSWER_BYTES)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            return Reply(NO_ANSWER, reason=f"{type(error).__name__}: {error}")
        if response.will_close or not response.isclosed():
            self.close()
        return Reply(response.status, content, response.reason, seconds_in(response.headers.get("Retry-After")))

    def _connect(self) -> http.client.HTTPConnection:
        connection = http.client.HTTPSConnection if self._is_https else http.client.HTTPConnection
        return connection(self._host, self._port, timeout=self._timeout_s)


def seconds_in(retry_after: str | None) -> float | None:
    """Seconds of a Retry-After header, which may be a number or a date; at most MAX_RETRY_AFTER_S."""
    if not retry_after:
        return None
    try:
        seconds = float(retry_after)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(retry_after).timestamp() - time.time()
        except (TypeError, ValueError):
            return None
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_S)
