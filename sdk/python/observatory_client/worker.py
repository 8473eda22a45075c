"""The daemon thread that sends: started by the first record, and again in a process that was forked."""

from __future__ import annotations

import threading

from observatory_client.sender import Sender


class Worker:
    def __init__(self, sender: Sender):
        self.sender = sender
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def ensure_running(self) -> None:
        """Raises RuntimeError where the interpreter ends and starts no more threads."""
        if self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                return
            thread = threading.Thread(target=self.sender.run, name="observatory-client", daemon=True)
            thread.start()
            self._thread = thread

    def join(self, timeout_s: float) -> None:
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout_s)
