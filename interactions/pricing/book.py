"""The prices as they are at a moment: our own rows, and behind them the packaged ones."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from interactions.models import Price
from interactions.pricing.names import ANY_END, bare_name
from interactions.pricing.packaged import packaged_cost, packaged_price
from interactions.pricing.rates import Name, Rates, Usage, cost_by_row, rates_in


class PriceBook:
    """The prices as they are now; made once a digest run.

    A row whose model ends in `*` is of all models that begin so: it goes behind rows that name a model whole, and among
    its like the longest goes first. `used` says when the latest call of a model and provider was, and at what rates, or
    None where it has none; calls of the future are left out.
    """

    def __init__(self) -> None:
        self.rows: list[Price] = list(Price.objects.order_by("-valid_from", "model", "provider"))
        self.made_at = timezone.now()
        self.used: dict[Name, tuple[datetime, Rates | None]] = {}
        self._whole: dict[str, list[Price]] = {}
        beginnings: dict[str, list[Price]] = {}
        for price in self.rows:
            name = price.model.lower()
            into, key = (beginnings, name[:-1]) if name.endswith(ANY_END) else (self._whole, name)
            into.setdefault(key, []).append(price)
        self._beginnings = sorted(beginnings.items(), key=lambda pair: -len(pair[0]))

    def cost(self, *, model: str, provider: str, at: datetime, usage: Usage) -> Decimal | None:
        """Return the cost in USD, or None where no price is known."""
        price = self.price(model=model, provider=provider, at=at)
        last = self.used.get((model, provider))
        if at <= self.made_at and (last is None or at > last[0]):
            self.used[model, provider] = (at, rates_in(price) if isinstance(price, Price | Rates) else None)
        if price is None:
            return None
        return cost_by_row(price, usage) if isinstance(price, Price | Rates) else packaged_cost(price, usage)

    def price(self, *, model: str, provider: str, at: datetime) -> Any:
        """Return what a call is priced by: our own row, else the packaged price (as Rates where it can be), else None."""
        row = self._row(bare_name(model), provider, at)
        # Packaged prices may change with the hour of the day, not within it.
        return row or packaged_price(model, provider, at.replace(minute=0, second=0, microsecond=0))

    def _row(self, name: str, provider: str, at: datetime) -> Price | None:
        groups = [self._whole.get(name, ()), *(rows for start, rows in self._beginnings if name.startswith(start))]
        return next(filter(None, (_valid_row(rows, provider, at) for rows in groups)), None)


def _valid_row(rows: Sequence[Price], provider: str, at: datetime) -> Price | None:
    """The newest row that was valid at a moment, that of the provider first. Rows come newest first."""
    valid = [row for row in rows if row.valid_from <= at]
    exact = (row for row in valid if row.provider and row.provider.lower() == provider.lower())
    return next(exact, None) or next((row for row in valid if not row.provider), None)
