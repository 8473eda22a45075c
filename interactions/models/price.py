"""The price book: our own dated rows, which go before the packaged prices."""

from datetime import UTC, datetime
from typing import Any

from django.db import models

EVER = datetime(2000, 1, 1, tzinfo=UTC)


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
