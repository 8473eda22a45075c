"""When a record of a file was asked.

A time is never part of what makes a record one and the same: ids come from the file, and the hash that tells a repeat
from a conflict is that of the body as the file has it. So a second run, at any later time and with any --start, finds
duplicates, and the times of the first run stay.
"""

from datetime import datetime, timedelta

from interactions.ingest.native.reader import EPOCH
from interactions.ingest.records import InteractionRecord
from observatory.core.errors import ApiError
from observatory.core.moments import EARLIEST, LATEST

SPACING = timedelta(minutes=2)
MICROSECOND = timedelta(microseconds=1)
EARLIEST_US, LATEST_US = ((one - EPOCH) // MICROSECOND for one in (EARLIEST, LATEST))


class Times:
    """Sets the times of the records of one file, in their order.

    Records with a time keep it; with `start`, all are moved so that the first one falls there. Records without one are
    spread: one every two minutes, each somewhere in its two minutes, from `start` on or so that the last is just past.
    """

    def __init__(self, *, start: datetime | None, now: datetime, rows: int):
        self._start_us = (start - EPOCH) // MICROSECOND if start else None
        self._spread_from_us = ((start or now - rows * SPACING) - EPOCH) // MICROSECOND
        self._offset_us: int | None = None

    def set(self, record: InteractionRecord, *, place: int, has_time: bool) -> None:
        """Raises ApiError where that is a time at which nothing can have been."""
        if has_time:
            if self._offset_us is None:
                self._offset_us = 0 if self._start_us is None else self._start_us - record.asked_us
            record.asked_us += self._offset_us
        else:
            within = (record.interaction_id.int % 1000) / 1000 if place else 0
            record.asked_us = self._spread_from_us + round((place + within) * (SPACING / MICROSECOND))
        if not EARLIEST_US <= record.asked_us < LATEST_US:
            raise ApiError("invalid", "moved or spread, its time would not lie from 1970 to 8999", field="asked_at")
