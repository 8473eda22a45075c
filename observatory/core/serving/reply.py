"""What was answered in a thread, on its way to the event loop."""

from dataclasses import dataclass

from django.http import FileResponse

from observatory.core.serving.body import Message
from observatory.core.serving.pushed import PushedResponse

Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class Reply:
    """Content, a file still to be read, pieces to be pushed, or a stream that its thread has sent."""

    start: Message
    content: bytes = b""
    file: FileResponse | None = None
    pushed: PushedResponse | None = None
    is_sent: bool = False
