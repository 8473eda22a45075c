"""Sends what the outbox holds, in batches, with the same ids again and again until they are taken."""

from __future__ import annotations

import itertools
import json
import random
import threading
from collections.abc import Iterator

from observatory_client.notices import Notices
from observatory_client.outbox import Item, Outbox
from observatory_client.transport import NO_ANSWER, Reply, Transport

MAX_BODY_BYTES = 4 * 1024 * 1024
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 60.0
AWAY = frozenset({NO_ANSWER, 408, 425, 429, 502, 503, 504})
TRIES_ON_SERVER_ERROR = 5
ONE_IS_AT_FAULT = frozenset({400, 413, 500})
sending = threading.local()  # `active` in a sending thread: nothing that happens there is recorded


class Sender:
    """Counts what became of the records: `sent`, `refused` by the server, `lost`."""

    def __init__(self, outbox: Outbox, transport: Transport, notices: Notices, *, gather_s: float):
        self._outbox, self._transport, self._notices, self._gather_s = outbox, transport, notices, gather_s
        self.sent = 0
        self.refused = 0
        self.lost = 0

    def run(self) -> None:
        """Send until the outbox is closed and empty."""
        sending.active = True
        while batch := self._outbox.take(self._gather_s):
            for path in dict.fromkeys(item.path for item in batch):
                self._send(path, [encoded(item) for item in batch if item.path == path])
            self._outbox.settle()
        self._transport.close()

    def _send(self, path: str, parts: list[bytes]) -> None:
        for body in bodies(parts):
            try:
                self._deliver(path, body)
            except Exception as error:  # noqa: BLE001, PERF203  (a thread that ended would send nothing any more)
                self.lost += len(body)
                self._notices.say("broken", "%d records for %s could not be sent: %r", len(body), path, error)

    def _deliver(self, path: str, parts: list[bytes]) -> None:
        for tries in itertools.count(1):
            reply = self._transport.post(path, b"[" + b",".join(parts) + b"]")
            if 200 <= reply.status < 300:
                return self._count(reply, len(parts))
            if not self._is_worth_another(reply, tries):
                break
            self._notices.say(
                "away",
                "Observatory does not take records (%s); %d wait, and are sent when it does.",
                _words(reply),
                len(self._outbox) + len(parts),
            )
            self._outbox.pause(wait_s(tries) if reply.retry_after_s is None else reply.retry_after_s)
        if reply.status in ONE_IS_AT_FAULT and len(parts) > 1:
            middle = len(parts) // 2
            self._deliver(path, parts[:middle])
            return self._deliver(path, parts[middle:])
        self.lost += len(parts)
        self._notices.say("lost", "Gave up %d records for %s: %s", len(parts), path, _words(reply))
        return None

    def _is_worth_another(self, reply: Reply, tries: int) -> bool:
        if self._outbox.is_closed:
            return False
        return reply.status in AWAY or (reply.status >= 500 and tries < TRIES_ON_SERVER_ERROR)

    def _count(self, reply: Reply, records: int) -> None:
        refusals = _refusals(reply)
        self.refused += len(refusals)
        self.sent += records - len(refusals)
        if refusals:
            self._notices.say("refused", "Observatory refused %d records, the first one: %s", len(refusals), refusals[0])


def encoded(item: Item) -> bytes:
    return json.dumps(item.record, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def bodies(parts: list[bytes]) -> Iterator[list[bytes]]:
    """Cut a list so that each body stays below MAX_BODY_BYTES, or holds one record."""
    body: list[bytes] = []
    size = 0
    for part in parts:
        if body and size + len(part) > MAX_BODY_BYTES:
            yield body
            body, size = [], 0
        body.append(part)
        size += len(part)
    if body:
        yield body


def wait_s(tries: int) -> float:
    """Twice as long each time, and not for all clients at the same moment."""
    longest: float = min(FIRST_WAIT_S * 2.0 ** min(tries - 1, 20), LONGEST_WAIT_S)
    return longest * (0.5 + random.random() / 2)  # noqa: S311  (no secret)


def _refusals(reply: Reply) -> list[object]:
    try:
        results = json.loads(reply.body)["results"]
        return [result.get("error") for result in results if result["status"] >= 400]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []  # another server answered 2xx: it says nothing of single records


def _words(reply: Reply) -> str:
    if reply.status == NO_ANSWER:
        return reply.reason
    return f"{reply.status} {reply.reason} {reply.body[:300].decode('utf-8', 'replace')}".strip()
