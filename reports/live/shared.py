"""The newest snapshot of each project in this process: however many ask within a second, it is computed once."""

import threading
import time

from django.utils import timezone

from reports.live.snapshot import Watched

FRESH_S = 0.9
FORGOTTEN_AFTER_S = 60.0


class SharedSnapshots:
    """Used by threads: those that ask for the same project wait for one of them to compute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[int, _Entry] = {}

    def newest(self, project_id: int, slug: str) -> bytes:
        """Return a snapshot of less than a second ago, as JSON. Raises what the database raises."""
        with self._lock:
            self._forget_others()
            entry = self._entries.setdefault(project_id, _Entry(Watched(project_id, slug)))
            entry.asked_at = time.monotonic()
        with entry.lock:
            if time.monotonic() - entry.made_at >= FRESH_S:
                entry.content = entry.watched.look_as_json(now=timezone.now())
                entry.made_at = time.monotonic()
            return entry.content

    def _forget_others(self) -> None:
        """Drop what nobody has asked for lately."""
        limit = time.monotonic() - FORGOTTEN_AFTER_S
        self._entries = {key: entry for key, entry in self._entries.items() if entry.asked_at > limit}


class _Entry:
    def __init__(self, watched: Watched):
        self.watched, self.lock = watched, threading.Lock()
        self.content, self.made_at, self.asked_at = b"", float("-inf"), time.monotonic()


SNAPSHOTS = SharedSnapshots()
