"""The form of a row of the price book: what may be typed, and what it would hold for."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from interactions.models import Price
from interactions.models.price import EVER
from interactions.pricing.book import PriceBook
from interactions.pricing.names import ANY_END
from interactions.reading.models_seen import matches
from interactions.reading.prices import effective_price
from observatory.core.errors import ApiError
from observatory.core.parameters import moment

SHOWN_MODELS = 5
DIFFERS = Decimal(100)  # times: rather a price of a thousand tokens, or of one, than another price


class PriceForm(forms.ModelForm):
    """Amounts are never negative, and a star stands at the end of a beginning that says something."""

    class Meta:
        model = Price
        fields = ("model", "provider", "valid_from", "input", "output", "cached", "cache_write", "reasoning")

    def clean_model(self) -> str:
        name = self.cleaned_data["model"].strip()
        if ANY_END in name[:-1]:
            raise forms.ValidationError("A star stands for the rest of a name: it goes to the end, for example gpt-4o*.")
        if name == ANY_END:
            raise forms.ValidationError("A price of every model there is would hide each gap. Begin the name.")
        return name

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("input", "output", "cached", "cache_write", "reasoning"):
            if (amount := data.get(name)) is not None and amount < 0:
                self.add_error(name, "A price is 0 or more.")
        fresh, cached = data.get("input"), data.get("cached")
        if fresh is not None and cached is not None and cached > fresh:
            self.add_error("cached", "Cached tokens cost no more than fresh ones; leave it empty if they cost the same.")
        return data


def preview(typed: dict[str, str]) -> dict[str, Any]:
    """What the row that is being typed would hold for, and the price of today that it would replace."""
    now = timezone.now()
    model, provider = typed.get("model", "").replace("\x00", "").strip()[:120], typed.get("provider", "").strip()[:60]
    if not model or model == ANY_END:
        return {}
    since = _since(typed)
    found = matches(model, since=since, now=now)
    names = list(found.models.items())
    one = model if not model.endswith(ANY_END) else next(iter(found.models), "")
    effective = effective_price(PriceBook(), model=one, provider=provider.replace("\x00", ""), at=now) if one else None
    return {
        "model": model,
        "since": None if since <= EVER else since,
        "uses": found.uses,
        "models": names[:SHOWN_MODELS],
        "model_count": len(names),
        "more": max(0, len(names) - SHOWN_MODELS),
        "effective": effective,
        "priced_as": one,
        "doubt": effective and _doubt(effective.amounts[0], typed.get("input", "")),
    }


def _since(typed: dict[str, str]) -> datetime:
    text = f"{typed.get('valid_from_0', '')} {typed.get('valid_from_1', '')}".strip()
    try:
        return (moment({"at": text}, "at") or EVER).astimezone(UTC)
    except ApiError:
        return EVER  # the form says what is wrong with it


def _doubt(known: Decimal | None, typed: str) -> str:
    """How many times the price differs, where that is rather another unit."""
    try:
        amount = Decimal(typed)
    except ArithmeticError:
        return ""
    if not known or not amount.is_finite() or amount <= 0:
        return ""
    times = amount / known
    if times >= DIFFERS:
        return f"{times:,.0f} times more"
    return f"{1 / times:,.0f} times less" if 1 / times >= DIFFERS else ""
