"""The price book: our own dated rows, which go before the packaged prices."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import models

EVER = datetime(2000, 1, 1, tzinfo=UTC)
# The rows that a new installation begins with (migration 0003): model to input and output.
FIRST_ROWS = {
    "gemini-1.5-pro": (Decimal("0.125"), Decimal("0.375")),
    "gemini-1.5-flash": (Decimal("0.075"), Decimal("0.30")),
    "embedding-001": (Decimal("0.01"), Decimal(0)),
}


def dollars(**kwargs: Any) -> models.DecimalField:
    return models.DecimalField(max_digits=12, decimal_places=6, help_text="USD per million tokens", **kwargs)


class Price(models.Model):
    """What a million tokens of a model cost from a moment on, until the next row of the same model."""

    model = models.CharField(max_length=120, help_text="As the application names it, for example gemini-1.5-pro.")
    provider = models.CharField(max_length=60, blank=True, default="", help_text="Empty: whoever provides it.")
    valid_from = models.DateTimeField(default=EVER)
    input = dollars()
    output = dollars(default=0)
    cached = dollars(null=True, blank=True)
    cache_write = dollars(null=True, blank=True)
    reasoning = dollars(null=True, blank=True)

    class Meta:
        ordering = ["model", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["model", "provider", "valid_from"], name="price_once_per_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.model} from {self.valid_from:%Y-%m-%d}"

    @property
    def is_first(self) -> bool:
        """Whether it came with Observatory, and nobody has changed it."""
        is_for_all = not self.provider and self.valid_from == EVER
        return is_for_all and FIRST_ROWS.get(self.model) == (self.input, self.output)


def exact_dollars(**kwargs: Any) -> models.DecimalField:
    return models.DecimalField(max_digits=20, decimal_places=12, help_text="USD per million tokens", **kwargs)


class RecentRate(models.Model):
    """What a million tokens of a model cost when the digest last priced a call of it: see interactions/pricing/recent.py."""

    model = models.CharField(max_length=120)
    provider = models.CharField(max_length=60, default="")
    used_at = models.DateTimeField()
    input = exact_dollars()
    output = exact_dollars()
    cached = exact_dollars(null=True)
    cache_write = exact_dollars(null=True)
    reasoning = exact_dollars(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "provider"], name="recent_rate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.provider}".rstrip()
