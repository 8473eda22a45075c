"""The figures of each model over a window, from buckets: what several panels of cost are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from interactions.pricing.book import PriceBook
from interactions.pricing.rates import Usage
from interactions.reading.models_seen import newest_pairs, provider_of
from interactions.reading.prices import EffectivePrice, effective_price
from observatory.metrics.series import Window
from observatory.stats.summary import Summary
from reports.panels.asked import Asked

COUNT, COST, ERRORS = "interactions.count", "interactions.cost", "interactions.error_rate"
LATENCY, UNPRICED = "interactions.latency", "interactions.unpriced"
TOKENS = tuple(f"interactions.{name}_tokens" for name in ("input", "output", "cached", "cache_write", "reasoning"))
READ = (COUNT, COST, ERRORS, LATENCY, UNPRICED, *TOKENS)
NONE = Summary()
# A roll-up of spans could not tell it better: native interactions have none, and a framework's span repeats its client's.
BOOKED = "An interaction of several models counts whole for the model of its answer."


@dataclass(frozen=True, slots=True)
class ModelFigures:
    """One model over one window. Tokens are sums; a cached or written token is an input token, too."""

    model: str
    interactions: int
    cost: Summary
    errors: Summary
    latency: Summary
    tokens: Mapping[str, Summary]
    without_price: int

    def sum_of(self, name: str) -> int:
        return round(self.tokens[f"interactions.{name}_tokens"].total)

    @property
    def counted(self) -> int:
        """Interactions that say how many tokens they used."""
        return max(self.tokens[name].n for name in TOKENS[:2])

    @property
    def unpriced(self) -> int:
        """Interactions with tokens and without a cost.

        At least as many as the counts tell: buckets that are older than the metric have none of it.
        """
        return max(self.without_price, self.counted - self.cost.n)

    @property
    def cached_share(self) -> float | None:
        """None where no interaction says how many of its tokens were cached."""
        known = self.sum_of("input") and self.tokens["interactions.cached_tokens"].n
        return min(1.0, self.sum_of("cached") / self.sum_of("input")) if known else None

    @property
    def usage(self) -> Usage:
        """The tokens of a mean call."""
        number = max(1, self.counted)
        names = ("input", "output", "cached", "cache_write", "reasoning")
        return Usage(**{name: round(self.sum_of(name) / number) for name in names})


def models_of(asked: Asked, window: Window | None = None) -> list[ModelFigures]:
    """The models of a window, the most expensive first."""
    asked.read(*READ, window=window)
    by = {name: asked.summaries(name, "model", window=window) for name in READ}
    found = [
        ModelFigures(
            model,
            by[COUNT][model].n,
            by[COST].get(model, NONE),
            by[ERRORS].get(model, NONE),
            by[LATENCY].get(model, NONE),
            {name: by[name].get(model, NONE) for name in TOKENS},
            by[UNPRICED].get(model, NONE).n,
        )
        for model in by[COUNT]
    ]
    return sorted(found, key=lambda one: (-one.cost.total, -one.interactions, one.model))


class Prices:
    """What models cost at a moment, to whom they are called by: the provider named with a model in the newest facts."""

    def __init__(self, project_id: int, at: datetime):
        self._book, self._at = PriceBook(), at
        self._providers = provider_of(newest_pairs(project_id))

    def of(self, model: str) -> EffectivePrice | None:
        return effective_price(self._book, model=model, provider=self._providers.get(model, ""), at=self._at)

    def would_cost(self, model: str, one: ModelFigures) -> Decimal | None:
        """What the calls of a model would cost by the prices of another; a mean call stands for all of them."""
        price = self.of(model)
        return None if price is None else price.cost(one.usage) * one.counted


def prices(asked: Asked) -> Prices:
    return asked.once("prices", lambda: Prices(asked.project_id, asked.now))
