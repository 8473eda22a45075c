"""Amounts in USD as the columns hold them: twelve decimal places, eight digits before the point."""

from decimal import Decimal, InvalidOperation
from typing import Any

PLACES = Decimal(1).scaleb(-12)
BEYOND = Decimal(10) ** 8
MAX_CHARS = 60
AMOUNT = "an amount in USD, from 0 to less than 100,000,000, as a number or a decimal text"


def dollars_of(value: Any) -> Decimal | None:
    """Return the amount that a number or a decimal text is; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > MAX_CHARS:
        return None
    try:
        return rounded(Decimal(str(value)))
    except InvalidOperation:
        return None


def rounded(amount: Decimal | None) -> Decimal | None:
    """Return the amount to its last place; None where no column holds that: 99999999.9999999999999 is 10 to the 8th."""
    if amount is None or not amount.is_finite() or not 0 <= amount < BEYOND:
        return None
    found = abs(amount.quantize(PLACES))
    return found if found < BEYOND else None
