"""HTTP middleware for WSGI (T2): `application = ObservatoryWSGI(application)`; with Flask, of `app.wsgi_app`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from observatory_client.client import Client
from observatory_client.default import get_client
from observatory_client.http_request import endpoint_of, report, user_type_of

Environ = dict[str, Any]


class ObservatoryWSGI:
    """Records each HTTP request as an `http.request` event, when its answer is sent.

    endpoint(environ), user_type(environ): WSGI itself knows neither routes nor users.
    """

    def __init__(
        self,
        application: Callable[[Environ, Callable[..., Any]], Iterable[bytes]],
        client: Client | None = None,
        *,
        endpoint: Callable[[Environ], str] | None = None,
        user_type: Callable[[Environ], str] | None = None,
    ):
        self.application, self.client = application, client
        self._endpoint, self._user_type = endpoint or route_of, user_type or user_type_in

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        begun, status, found = time.perf_counter(), 500, ("", "")

        def watch(line: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            nonlocal status, found
            # Flask forgets the request before the answer ends.
            status, found = int(line[:3]), self._look(environ)
            return start_response(line, headers, *more)

        try:
            chunks = self.application(environ, watch)
        except BaseException:
            self._report(environ, 500, self._look(environ), begun)
            raise
        return Answer(chunks, lambda: self._report(environ, status, found, begun))

    def _look(self, environ: Environ) -> tuple[str, str]:
        """Return the route, or "", and the type of the user."""
        try:
            return str(self._endpoint(environ) or ""), str(self._user_type(environ))
        except Exception as error:  # noqa: BLE001  (monitoring never breaks the application)
            (self.client or get_client()).say("http", "The route or user of a request cannot be told: %r", error)
            return "", "unknown"

    def _report(self, environ: Environ, status: int, found: tuple[str, str], begun: float) -> None:
        route, user_type = found
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        report(
            self.client or get_client(),
            method=environ["REQUEST_METHOD"],
            endpoint=endpoint_of(route, path, None, status),
            status=status,
            user_type=user_type,
            begun=begun,
        )


class Answer:
    """The chunks of an answer; servers call `close` at its end, also if the client went."""

    def __init__(self, chunks: Iterable[bytes], ended: Callable[[], None]):
        self._chunks, self._ended = chunks, ended

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)

    def close(self) -> None:
        try:
            close = getattr(self._chunks, "close", None)
            if close is not None:
                close()
        finally:
            self._ended()


def route_of(environ: Environ) -> str:
    """The rule that Flask chose, or ""."""
    rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
    return str(rule) if rule is not None else ""


def user_type_in(environ: Environ) -> str:
    return user_type_of(environ.get("observatory.user"))
