"""A server on loopback that answers as it is told, and keeps what it was sent."""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HANG_UP = 0


class ScriptedServer:
    """`answers`: (status, headers) in turn, then 207 for ever; HANG_UP closes the connection instead of answering.

    `hold()` keeps requests waiting until `let_go()`.
    """

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.requests: list[tuple[str, list[dict[str, Any]]]] = []
        self.arrived = threading.Semaphore(0)
        self._gate = threading.Event()
        self._gate.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=[0.01])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def records(self) -> list[dict[str, Any]]:
        return [record for _, body in self.requests for record in body]

    def hold(self) -> None:
        self._gate.clear()

    def let_go(self) -> None:
        self._gate.set()

    def __enter__(self) -> "ScriptedServer":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.let_go()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, path: str, body: list[dict[str, Any]]) -> tuple[int, dict[str, str]]:
        self.requests.append((path, body))
        self.arrived.release()
        self._gate.wait(timeout=30)
        return self.answers.pop(0) if self.answers else (207, {})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers["Content-Encoding"] == "gzip":
                    body = gzip.decompress(body)
                status, headers = script._answer(self.path, json.loads(body))
                if status == HANG_UP:
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in {"Content-Length": "0", **headers}.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *values: object) -> None:
                """Quiet."""

        return Handler
