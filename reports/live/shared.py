"""The newest snapshot of each project in this process: however many ask within a second, it is made once."""

import threading
import time

from django.utils import timezone

from reports.live.snapshot import Watched

FRESH_S = 1.0
FORGOTTEN_AFTER_S = 60.0


class SharedSnapshots:
    """Used by threads: those that ask for the same project wait for one of them to look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[int, _Entry] = {}

    def make(self, project_id: int, slug: str) -> bytes:
        """Look now; return a snapshot as JSON. Raises what the database raises."""
        entry = self._entry(project_id, slug)
        with entry.lock:
            return entry.make()

    def newest(self, project_id: int, slug: str) -> bytes:
        """Return what was seen within the last second, by whomever; look if nobody has."""
        entry = self._entry(project_id, slug)
        with entry.lock:
            return entry.content if time.monotonic() - entry.made_at < FRESH_S else entry.make()

    def _entry(self, project_id: int, slug: str) -> "_Entry":
        """The entry of a project, with those dropped that nobody has asked for lately."""
        with self._lock:
            now = time.monotonic()
            self._entries = {key: one for key, one in self._entries.items() if now - one.asked_at < FORGOTTEN_AFTER_S}
            entry = self._entries.setdefault(project_id, _Entry(Watched(project_id, slug)))
            entry.asked_at = now
            return entry


class _Entry:
    def __init__(self, watched: Watched):
        self.watched, self.lock = watched, threading.Lock()
        self.content, self.made_at, self.asked_at = b"", float("-inf"), time.monotonic()

    def make(self) -> bytes:
        self.content, self.made_at = self.watched.look_as_json(now=timezone.now()), time.monotonic()
        return self.content


SNAPSHOTS = SharedSnapshots()
