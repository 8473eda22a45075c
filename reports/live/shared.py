"""The newest snapshot of each project in this process: however many ask within a second, it is made once."""

import threading
import time
from dataclasses import dataclass

from django.utils import timezone

from observatory.core.rendering import to_json
from reports.live.snapshot import Snapshot, Watched

FRESH_S = 1.0
FORGOTTEN_AFTER_S = 60.0


class SharedSnapshots:
    """Used by threads: where one of them looks, the others take what was seen last, and wait only if that is nothing."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: dict[int, _Entry] = {}

    def make(self, project_id: int, slug: str) -> bytes:
        """Look now; return a snapshot as JSON. Raises what the database raises."""
        entry = self._entry(project_id, slug)
        with entry.lock:
            return entry.make().content

    def newest(self, project_id: int, slug: str) -> bytes:
        """Return what was seen within the last second, by whomever, as JSON; look if nobody has or does."""
        return self._current(project_id, slug).content

    def seen(self, project_id: int, slug: str) -> Snapshot:
        """The same, as data."""
        return self._current(project_id, slug).snapshot

    def forget(self) -> None:
        """Have the next one look, whoever it is."""
        with self._lock:
            self._entries = {}

    def _current(self, project_id: int, slug: str) -> "_Seen":
        entry = self._entry(project_id, slug)
        last = entry.seen
        if last is None:
            with entry.lock:
                return entry.seen or entry.make()
        # A look may take long: threads that waited for it would be missing elsewhere.
        if last.is_fresh or not entry.lock.acquire(blocking=False):
            return last
        try:
            return entry.make()
        finally:
            entry.lock.release()

    def _entry(self, project_id: int, slug: str) -> "_Entry":
        """The entry of a project, with those dropped that nobody has asked for lately."""
        with self._lock:
            now = time.monotonic()
            self._entries = {key: one for key, one in self._entries.items() if now - one.asked_at < FORGOTTEN_AFTER_S}
            entry = self._entries.setdefault(project_id, _Entry(Watched(project_id, slug)))
            entry.asked_at = now
            return entry


@dataclass(frozen=True, slots=True)
class _Seen:
    snapshot: Snapshot
    content: bytes
    made_at: float

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() - self.made_at < FRESH_S


class _Entry:
    def __init__(self, watched: Watched):
        self.watched, self.lock = watched, threading.Lock()
        self.seen: _Seen | None = None
        self.asked_at = time.monotonic()

    def make(self) -> _Seen:
        """Look. The caller holds the lock."""
        snapshot = self.watched.look(now=timezone.now())
        self.seen = _Seen(snapshot, to_json(snapshot.as_dict(self.watched.slug)), time.monotonic())
        return self.seen


SNAPSHOTS = SharedSnapshots()
