"""The price book on the screen."""

from decimal import Decimal
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest

from interactions.digest.rebuild import mark_unpriced_stale
from interactions.ingest.doorbell import ring
from interactions.models import Price
from interactions.models.price import EVER
from observatory.projects.admin_rights import SuperuserOnly


def per_million(amount: Decimal | None) -> str:
    """`0.125000` as `$0.125`: at least two places, none idle."""
    if amount is None:
        return "–"
    whole, _, places = f"{amount:f}".partition(".")
    return f"${whole}.{places.rstrip('0').ljust(2, '0')}"


@admin.register(Price)
class PriceAdmin(SuperuserOnly, admin.ModelAdmin):
    list_display = (
        "model",
        "provider",
        "since",
        "input_price",
        "output_price",
        "cached_price",
        "cache_write_price",
        "reasoning_price",
    )
    search_fields = ("model", "provider")
    fieldsets = (
        (None, {"fields": ("model", "provider", "valid_from")}),
        (
            "USD per million tokens",
            {
                "fields": ("input", "output", "cached", "cache_write", "reasoning"),
                "description": "Where cached, cache-write or reasoning tokens have no price of their own, "
                "they cost what input and output tokens cost.",
            },
        ),
    )

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "output":  # typed, never preset: a forgotten price would make every answer free
            kwargs |= {"initial": None, "required": True, "help_text": "0 for embeddings"}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Price, form: Any, change: bool) -> None:
        """Save, and let the digest price the calls that waited for this row."""
        super().save_model(request, obj, form, change)
        if marked := mark_unpriced_stale(obj.model):
            transaction.on_commit(ring, robust=True)
            self.message_user(request, f"{marked:,} traces without a cost are being priced.", messages.INFO)

    @admin.display(description="valid from", ordering="valid_from")
    def since(self, price: Price) -> str:
        return "ever" if price.valid_from <= EVER else f"{price.valid_from:%Y-%m-%d %H:%M}"

    @admin.display(description="input", ordering="input")
    def input_price(self, price: Price) -> str:
        return per_million(price.input)

    @admin.display(description="output", ordering="output")
    def output_price(self, price: Price) -> str:
        return per_million(price.output)

    @admin.display(description="cached", ordering="cached")
    def cached_price(self, price: Price) -> str:
        return per_million(price.cached)

    @admin.display(description="cache write", ordering="cache_write")
    def cache_write_price(self, price: Price) -> str:
        return per_million(price.cache_write)

    @admin.display(description="reasoning", ordering="reasoning")
    def reasoning_price(self, price: Price) -> str:
        return per_million(price.reasoning)
