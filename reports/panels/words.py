"""Figures of panels in words."""

from datetime import timedelta

from observatory.charts.marks import Say
from observatory.stats.intervals import Interval

UNITS = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
EXACT_BELOW = 100_000


def percent(share: float) -> str:
    """A share with more places near 0 and 1, where they matter: 0.42 %, 12.5 %, 99.97 %. Only none and all are 0 and 100."""
    value = share * 100
    if value in (0, 100):
        return f"{value:.0f} %"
    if value < 0.01:
        return "< 0.01 %"
    if value > 99.99:
        return "> 99.99 %"
    return f"{value:.2f} %" if value < 1 or value > 99 else f"{value:.1f} %"


def amount(number: float) -> str:
    """A count that fits a tile: 8,412, then 41.2k, 1.53M."""
    size, letter = next(((size, letter) for size, letter in UNITS if abs(number) >= size), (1.0, ""))
    return f"{number / size:.3g}{letter}" if abs(number) >= EXACT_BELOW else f"{number:,.0f}"


def between(interval: Interval | None, say: Say) -> str:
    """An interval; "" of none."""
    return f"{say(interval[0])} to {say(interval[1])}" if interval else ""


def span(length: timedelta) -> str:
    """How long a window is: 24 h, 7 d, 1 h 30 min."""
    minutes = round(length.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 72:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
