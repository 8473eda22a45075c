"""Hearing that the process is asked to end, before the server waits for its open connections to close.

ASGI tells of the end only after they have. An answer that never ends by itself has to know earlier.
"""

import asyncio
import signal
import threading
from types import FrameType

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def set_when_asked_to_end(event: asyncio.Event) -> None:
    """Set `event` with the signals that end the server, whose own handlers go on. Call it in the running loop.

    A server in a thread of a test gets no signals; there nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        before = signal.getsignal(number)

        def handle(received: int, frame: FrameType | None, before: object = before) -> None:
            loop.call_soon_threadsafe(event.set)
            if callable(before):
                before(received, frame)

        signal.signal(number, handle)
