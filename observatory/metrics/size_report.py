"""The sizes of the tables, their growth and the room that is left, as lines for an operator."""

from datetime import datetime

from observatory.metrics.size import forecast, table_sizes

SHOWN = 12
MB = 1_000_000


def size_lines(*, now: datetime) -> list[str]:
    """Return the largest tables and what the next weeks bring. Sizes are approximate."""
    largest = list(table_sizes().values())[:SHOWN]
    lines = [f"{one.table:32} {one.size_bytes / MB:10.1f} MB {one.rows:>12,} rows" for one in largest]
    return ["Largest tables, about:", *lines, *growth_lines(now=now)]


def growth_lines(*, now: datetime) -> list[str]:
    found = forecast(now=now)
    room = f"Room         {found.room_bytes / MB:,.0f} MB on the disk of the data folder"
    if found.bytes_a_day is None:
        return [f"Growth       {found.reason}", room]
    growth = f"Growth       {found.bytes_a_day / MB:+,.1f} MB a day"
    full = found.reason if found.days_left is None else f"The disk is full in {found.days_left:,.0f} days."
    return [f"{growth}. {full}", room]
