"""What a call cost: our own dated Price rows first, then the packaged prices, else unknown. Never 0 for unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from interactions.models import Price

# Names of the conventions that the package does not know.
PROVIDERS = {"azure.ai.inference": "azure", "az.ai.inference": "azure", "gcp.gen_ai": "google", "x_ai": "x-ai"}
MILLION = Decimal(1_000_000)
REMEMBERED_PRICES = 4_096
ANY_END = "*"  # at the end of the model of a row


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
    """A packaged price that is the same for any number of tokens, in the terms of a Price row."""

    input: Decimal
    output: Decimal
    cached: Decimal | None
    cache_write: Decimal | None
    reasoning: Decimal | None


def cost_by_row(price: Price | Rates, usage: Usage) -> Decimal:
    """Price a call by one row: (input - cached - written) x input + cached x cached + ... , in USD.

    A price that the row leaves open is that of the tokens it is part of.
    """
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


class PriceBook:
    """The prices as they are now; made once a digest run.

    A row whose model ends in `*` is of all models that begin so: it goes behind rows that name a model whole, and among
    its like the longest goes first.
    """

    def __init__(self) -> None:
        self.rows: list[Price] = list(Price.objects.order_by("-valid_from", "model", "provider"))
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


@lru_cache(maxsize=REMEMBERED_PRICES)
def packaged_price(model: str, provider: str, at: datetime) -> Any:
    """Return genai-prices' price of a model at a moment, as Rates where it can be, or None."""
    found = packaged_model(model, provider, at)
    return found and (rates_of(found.model_price) or found.model_price)


def packaged_model(model: str, provider: str, at: datetime) -> Any:
    """Return what genai-prices knows of a model at a moment (its price, model and provider), or None.

    Where a provider is named, only its own price will do: the same model on one's own server costs something else.
    """
    from genai_prices import Usage as PackagedUsage
    from genai_prices import calc_price

    candidates = (PROVIDERS.get(provider.lower(), provider),) if provider else (None, "openai")
    for candidate in candidates:
        try:
            return calc_price(
                PackagedUsage(input_tokens=1), model_ref=bare_name(model), provider_id=candidate, genai_request_timestamp=at
            )
        except LookupError:
            continue
    return None


def rates_of(price: Any) -> Rates | None:
    """Return a packaged price as rates a token, or None where it has steps or is by the request.

    The package takes 100 us a call to weigh its 25 kinds of usage, of which a span has five.
    """
    from genai_prices.types import TieredPrices

    if price.requests_kcount is not None or any(isinstance(rate, TieredPrices) for rate in vars(price).values()):
        return None
    return Rates(
        input=price.input_mtok or Decimal(0),
        output=price.output_mtok or Decimal(0),
        cached=price.cache_read_mtok,
        cache_write=price.cache_write_mtok,
        reasoning=price.output_reasoning_mtok,
    )


def packaged_cost(price: Any, usage: Usage) -> Decimal:
    """Let genai-prices price a call by its own price."""
    from genai_prices import Usage as PackagedUsage

    cached = min(usage.cached, usage.input)
    reasoning = {"output_reasoning_tokens": usage.reasoning} if usage.reasoning else {}
    found = price.calc_price(
        PackagedUsage(
            input_tokens=usage.input,
            output_tokens=usage.output,
            cache_read_tokens=cached,
            cache_write_tokens=min(usage.cache_write, usage.input - cached),
            **reasoning,
        )
    )
    return found["total_price"]


def bare_name(model: str) -> str:
    """`models/gemini-1.5-pro` and `Gemini-1.5-Pro` are `gemini-1.5-pro`."""
    return model.lower().removeprefix("models/")
