"""The sizes of the tables, their growth and the room that is left, as lines for an operator."""

from datetime import datetime

from observatory.core import formats
from observatory.metrics.size import forecast, table_sizes

SHOWN = 12


def size_lines(*, now: datetime) -> list[str]:
    """Return the largest tables and what the next weeks bring. Sizes are approximate."""
    largest = list(table_sizes().values())[:SHOWN]
    lines = [f"{one.table:32} {formats.size(one.size_bytes):>12} {one.rows:>12,} rows" for one in largest]
    return ["Largest tables, about:", *lines, *growth_lines(now=now)]


def growth_lines(*, now: datetime) -> list[str]:
    found = forecast(now=now)
    room = f"Room         {formats.size(found.room_bytes)} on the disk of the data folder"
    if found.bytes_a_day is None:
        return [f"Growth       {found.reason}", room]
    sign = "+" if found.bytes_a_day > 0 else ""
    growth = f"Growth       {sign}{formats.size(found.bytes_a_day)} a day"
    full = found.reason if found.days_left is None else f"The disk is full in {found.days_left:,.0f} days."
    return [f"{growth}. {full}", room]
