"""One who listens to a live stream over a socket, as a browser does."""

import http.client
import json
import time
from collections.abc import Iterator
from typing import Any

STREAM = "/admin/live/stream/?project=shop"


class Listener:
    """Opens the stream. `status` and `headers` are those of the answer; iterate `events()` once."""

    def __init__(self, port: int, session_key: str, path: str = STREAM):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self.connection.request("GET", path, headers={"Cookie": f"sessionid={session_key}"})
        self.answer = self.connection.getresponse()
        self.status, self.headers = self.answer.status, self.answer.headers

    def blocks(self) -> Iterator[list[str]]:
        """What is between empty lines, until the server ends the stream."""
        block: list[str] = []
        while line := self.answer.readline():
            text = line.decode().rstrip("\n")
            if text:
                block.append(text)
            elif block:
                yield block
                block = []

    def snapshots(self) -> Iterator[dict[str, Any]]:
        for block in self.blocks():
            data = next((line for line in block if line.startswith("data: {")), None)
            if data and "event: over" not in block:
                yield json.loads(data.removeprefix("data: "))

    def first(self, seconds: float, wanted: Any) -> float:
        """Return how long it took until a snapshot was `wanted`; AssertionError after `seconds`."""
        begun = time.monotonic()
        for snapshot in self.snapshots():
            took = time.monotonic() - begun
            if wanted(snapshot):
                return took
            assert took < seconds, snapshot
        raise AssertionError("The stream ended.")

    def close(self) -> None:
        self.connection.sock.close() if self.connection.sock else None
        self.answer.close()
        self.connection.close()
