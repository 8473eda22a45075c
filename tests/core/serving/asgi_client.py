"""Speaks raw ASGI to an application: scope, receive and send as a server would give them."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse

from observatory.core.serving.body import Message
from observatory.core.serving.threads import ThreadedWSGI


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    messages: list[Message]


class Client:
    """One request. `chunks` are its body; after them the client stays, or is gone if `leaves`."""

    def __init__(self, application: Callable[..., Any]):
        self.application = application

    async def request(
        self,
        path: str = "/",
        *,
        method: str = "POST",
        chunks: Iterable[bytes] = (b"",),
        headers: Iterable[tuple[str, str]] = (),
        leaves: bool = False,
        **scope: Any,
    ) -> Answer | None:
        parts = list(chunks)
        incoming: list[Message] = [
            {"type": "http.request", "body": part, "more_body": leaves or part is not parts[-1]} for part in parts
        ]
        sent: list[Message] = []

        async def receive() -> Message:
            if incoming:
                return incoming.pop(0)
            if leaves:
                return {"type": "http.disconnect"}
            return await asyncio.Future()

        async def send(message: Message) -> None:
            sent.append(message)

        full_scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "http_version": "1.1",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "client": ("192.0.2.7", 4711),
            "server": ("127.0.0.1", 8000),
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers],
            **scope,
        }
        await self.application(full_scope, receive, send)
        return answer_of(sent)


def answer_of(sent: list[Message]) -> Answer | None:
    if not sent:
        return None
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], headers, body, sent)


def application(view, *, threads=2, max_body_bytes=1000):
    """A WSGI application of one view, served in threads."""

    def handler(environ, start_response):
        response = view(environ)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response

    return ThreadedWSGI(handler, threads=threads, max_body_bytes=max_body_bytes)


def echo(environ):
    return HttpResponse(environ["wsgi.input"].read())
