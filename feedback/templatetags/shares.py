"""Shares and what is sure of them: 74.2 %, 56 to 83 %, 0.41 to 0.72."""

from django import template

from observatory.core.formats import UNKNOWN
from observatory.stats.intervals import Interval

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    return UNKNOWN if share is None else f"{share * 100:.1f} %"


@register.filter
def percents(interval: Interval | None) -> str:
    """An interval of shares."""
    return UNKNOWN if interval is None else f"{interval[0] * 100:.0f} to {interval[1] * 100:.0f} %"


@register.filter
def figure(value: float | None) -> str:
    """A coefficient or a score."""
    return UNKNOWN if value is None else f"{value:.2f}"


@register.filter
def figures(interval: Interval | None) -> str:
    return UNKNOWN if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}"


@register.filter
def times_100(value: float | None) -> str:
    """A confidence or a rate as the plain number of its percents."""
    return UNKNOWN if value is None else f"{value * 100:g}"
