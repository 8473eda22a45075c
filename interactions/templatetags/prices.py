"""Prices and days as the pages of prices say them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from django import template

from interactions.models import Price
from interactions.models.price import EVER
from interactions.reading.prices import AMOUNTS, per_million
from observatory.core.formats import dollars

register = template.Library()
register.filter("per_million", per_million)


@register.filter
def amounts(row: Price) -> Sequence[Decimal | None]:
    """The five prices of a row, in the order of AMOUNTS."""
    return [getattr(row, name) for name in AMOUNTS]


@register.filter
def since(at: datetime) -> str:
    """`21 Nov 2026`, with the time where it is not midnight; `ever`."""
    if at <= EVER:
        return "ever"
    at = at.astimezone(UTC)
    day = f"{at.day} {at:%b %Y}"
    return day if (at.hour, at.minute) == (0, 0) else f"{day} {at:%H:%M}"


@register.filter
def signed_dollars(amount: Decimal) -> str:
    """A difference: `+$1.20`, `−$0.05`, `$0`."""
    return f"{'+' if amount > 0 else '−' if amount < 0 else ''}{dollars(abs(amount))}"
