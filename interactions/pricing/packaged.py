"""The prices that genai-prices ships; the package is 29 MB, and is loaded with the first call that is priced by it."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from interactions.pricing.names import bare_name
from interactions.pricing.rates import Rates, Usage

# Names of the conventions that the package does not know.
PROVIDERS = {"azure.ai.inference": "azure", "az.ai.inference": "azure", "gcp.gen_ai": "google", "x_ai": "x-ai"}
REMEMBERED_PRICES = 4_096


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
