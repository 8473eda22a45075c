"""What a model costs now, and by which price: as people read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from interactions.models import Price
from interactions.pricing.book import PriceBook
from interactions.pricing.packaged import packaged_cost, packaged_model, rates_of
from interactions.pricing.rates import MILLION, Rates, Usage, cost_by_row

AMOUNTS = ("input", "output", "cached", "cache_write", "reasoning")
PACKAGED_NAMES = ("input_mtok", "output_mtok", "cache_read_mtok", "cache_write_mtok", "output_reasoning_mtok")


@dataclass(frozen=True, slots=True)
class EffectivePrice:
    """What calls of a model are priced by at a moment: our `row`, or the package's price of `packaged` ("OpenAI, gpt-4o").

    `amounts` are USD per million tokens, in the order of AMOUNTS; None is the price of the tokens they are part of. With
    `has_steps` they are those of short calls, and longer ones cost more.
    """

    amounts: Sequence[Decimal | None]
    price: Any
    row: Price | None = None
    packaged: str = ""
    has_steps: bool = False

    def cost(self, usage: Usage) -> Decimal:
        """What one call with this usage costs."""
        return cost_by_row(self.price, usage) if isinstance(self.price, Price | Rates) else packaged_cost(self.price, usage)

    def saved_by_caching(self, cached: int) -> Decimal:
        """By how much cached input tokens were cheaper than fresh ones, in USD."""
        fresh, cheap = self.amounts[0] or Decimal(0), self.amounts[2]
        return Decimal(0) if cheap is None else cached * (fresh - cheap) / MILLION

    def added_by_writing(self, written: int) -> Decimal:
        """By how much input tokens that are written to a cache are dearer than others, in USD."""
        fresh, write = self.amounts[0] or Decimal(0), self.amounts[3]
        return Decimal(0) if write is None else written * (write - fresh) / MILLION


def effective_price(book: PriceBook, *, model: str, provider: str, at: datetime) -> EffectivePrice | None:
    """Return what calls of a model are priced by, or None where no price is known."""
    price = book.price(model=model, provider=provider, at=at)
    if price is None:
        return None
    if isinstance(price, Price):
        return EffectivePrice(_amounts(price), price, row=price)
    found = packaged_model(model, provider, at.replace(minute=0, second=0, microsecond=0))
    named = f"{found.provider.name}, {found.model.id}"
    if isinstance(price, Rates):
        return EffectivePrice(_amounts(price), price, packaged=named)
    return EffectivePrice(
        [_first_step(getattr(price, name)) for name in PACKAGED_NAMES],
        price,
        packaged=named,
        has_steps=rates_of(price) is None,
    )


def _amounts(price: Price | Rates) -> list[Decimal | None]:
    return [getattr(price, name) for name in AMOUNTS]


def _first_step(rate: Any) -> Decimal | None:
    """A rate, or the lowest step of one that depends on the length of the call."""
    return getattr(rate, "base", rate)


def per_million(amount: Decimal | None) -> str:
    """`0.125000` as `$0.125`: at least two places, none idle."""
    if amount is None:
        return "–"
    whole, _, places = f"{amount:f}".partition(".")
    return f"${whole}.{places.rstrip('0').ljust(2, '0')}"
