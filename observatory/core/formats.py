"""Numbers and moments as people read them. None is a dash: something unknown is never shown as 0."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

UNKNOWN = "–"
SIZES = ("bytes", "kB", "MB", "GB", "TB", "PB")
AGO_STEPS = ((timedelta(minutes=1), 1, "s"), (timedelta(hours=1), 60, "min"), (timedelta(days=1), 3600, "h"))


def duration(ms: float | None) -> str:
    """Milliseconds: 0.4 ms, 820 ms, 1.24 s, 2 min 05 s, 3 h 07 min, 11,574 d 1 h."""
    if ms is None:
        return UNKNOWN
    if ms < 10:
        return f"{ms:.2g} ms" if ms else "0 ms"
    if ms < 999.5:
        return f"{ms:.0f} ms"
    if ms < 59_995:
        return f"{ms / 1000:.2f} s"
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 24:
        return f"{hours // 24:,} d {hours % 24} h"
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s"


def dollars(amount: Decimal | float | None) -> str:
    """US dollars with at least four significant digits below a cent: $0.001146, $0.0534, $12.30, $1,204.00."""
    if amount is None:
        return UNKNOWN
    value = Decimal(str(amount))
    if value == 0:
        return "$0"
    if 0 < value < Decimal("0.000001"):
        return "<$0.000001"
    places = 2 if abs(value) >= 1 else 4 if abs(value) >= Decimal("0.01") else 6
    return f"${value:,.{places}f}"


def size(number: float) -> str:
    """Bytes: 512 bytes, 1.54 kB, 47.2 MB."""
    place = 0
    while abs(number) >= 999.5 and place < len(SIZES) - 1:
        number, place = number / 1_000, place + 1
    return f"{number:.3g} {SIZES[place]}"


def count(number: int | None) -> str:
    return UNKNOWN if number is None else f"{number:,}"


def moment(at: datetime | None, *, now: datetime | None = None) -> str:
    """A moment in UTC: `21 Nov 10:33:04`, with the year where it is not this one."""
    if at is None:
        return UNKNOWN
    at = at.astimezone(UTC)
    year = "" if now is None or at.year == now.year else f" {at.year}"
    return f"{at.day} {at:%b}{year} {at:%H:%M:%S}"


def ago(at: datetime | None, *, now: datetime) -> str:
    """How long ago: 12 s ago, 3 min ago, 5 h ago, 2 d ago; `in 3 min` for what is dated ahead."""
    if at is None:
        return "never"
    gap = now - at
    size = abs(gap)
    unit = next(((seconds, name) for limit, seconds, name in AGO_STEPS if size < limit), (86400, "d"))
    text = f"{int(size.total_seconds() // unit[0])} {unit[1]}"
    return f"{text} ago" if gap >= timedelta(0) else f"in {text}"
