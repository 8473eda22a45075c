"""What a call used, and what it costs at given rates."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from interactions.models import Price, RecentRate

MILLION = Decimal(1_000_000)
Name = tuple[str, str]  # model, provider


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one call. Input includes cached and written ones, output includes reasoning."""

    input: int = 0
    output: int = 0
    cached: int = 0
    cache_write: int = 0
    reasoning: int = 0


def usage_of(row: Any) -> Usage | None:
    """Return the usage of a span or interaction, or None if it counted no tokens."""
    if row.input_tokens is None and row.output_tokens is None:
        return None
    return Usage(
        input=row.input_tokens or 0,
        output=row.output_tokens or 0,
        cached=row.cached_tokens or 0,
        cache_write=row.cache_write_tokens or 0,
        reasoning=row.reasoning_tokens or 0,
    )


@dataclass(frozen=True, slots=True)
class Rates:
    """USD per million tokens, the same for any number of them. None is the price of the tokens they are part of."""

    input: Decimal
    output: Decimal
    cached: Decimal | None
    cache_write: Decimal | None
    reasoning: Decimal | None


def rates_in(row: Price | RecentRate | Rates) -> Rates:
    return Rates(row.input, row.output, row.cached, row.cache_write, row.reasoning)


def cost_by_row(price: Price | Rates, usage: Usage) -> Decimal:
    """Price a call by one row: (input - cached - written) x input + cached x cached + ... , in USD."""
    cached = min(usage.cached, usage.input)
    written = min(usage.cache_write, usage.input - cached)
    reasoning = min(usage.reasoning, usage.output)
    total = (
        (usage.input - cached - written) * price.input
        + cached * (price.input if price.cached is None else price.cached)
        + written * (price.input if price.cache_write is None else price.cache_write)
        + (usage.output - reasoning) * price.output
        + reasoning * (price.output if price.reasoning is None else price.reasoning)
    )
    return total / MILLION
