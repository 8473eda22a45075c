"""What packages to the right do when interactions were digested: they register here, and only note that there is work."""

from collections.abc import Callable, Sequence
from datetime import datetime

# `note(project_id, trace_ids, now)` is called in the transaction of the digest, so it must be short, and must not fail.
Note = Callable[[int, Sequence[str], datetime], None]

_notes: list[Note] = []


def register_note(note: Note) -> None:
    """Call it once, when the app is ready."""
    if note not in _notes:
        _notes.append(note)


def tell(project_id: int, trace_ids: Sequence[str], *, now: datetime) -> None:
    for note in _notes:
        note(project_id, trace_ids, now)
