"""The page of prices: gaps first, then the models in use with what they cost now, then the price book."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from interactions.models import Price, PricingGap
from interactions.models.price import EVER
from interactions.pricing.book import PriceBook
from interactions.pricing.names import bare_name
from interactions.reading.models_seen import WINDOW, SeenModel, seen_models
from interactions.reading.prices import EffectivePrice, effective_price
from interactions.repricing.book import PACKAGE, package_version
from observatory.projects.frame import with_frame
from observatory.projects.models import Project

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class BookRow:
    """A row of the price book, and until when it holds: up to the next one of the same model and provider."""

    row: Price
    until: datetime | None
    url: str
    state: str

    @property
    def since(self) -> datetime | None:
        return None if self.row.valid_from <= EVER else self.row.valid_from


@dataclass(frozen=True, slots=True)
class SeenRow:
    one: SeenModel
    price: EffectivePrice | None
    add_url: str


def prices_context(request: HttpRequest, project: Project | None) -> dict[str, Any]:
    now, book = timezone.now(), PriceBook()
    seen = [_seen(request, one, book, now) for one in seen_models(project.pk, now=now)] if project else []
    rows = _book_rows(request, book, now)
    wanted = request.GET.get("q", "").strip().lower()
    shown = [row for row in rows if wanted in f"{row.row.model} {row.row.provider}".lower()]
    elsewhere = PricingGap.objects.exclude(project=project).values_list("project__slug", flat=True).distinct()
    return {
        "gaps": [row for row in seen if row.price is None and row.one.gap],
        "priced": [row for row in seen if row.price is not None],
        # The digest knew what each of their calls cost, or found nothing to price.
        "needless": [row for row in seen if row.price is None and not row.one.gap],
        "other_gaps": sorted(elsewhere),
        "has_unknown_providers": any(row.one.provider is None for row in seen),
        "days": WINDOW.days,
        "package": PACKAGE,
        "package_version": package_version(),
        "rows": shown[:MOST_ROWS],
        "row_count": len(rows),
        "has_first_rows": any(row.row.is_first for row in rows),
        "hidden": max(0, len(shown) - MOST_ROWS),
        "q": request.GET.get("q", "").strip(),
        "add_url": with_frame(reverse("admin:interactions_price_add"), request),
        "repricing_url": with_frame(reverse("admin:interactions_repricing_changelist"), request),
        "prices_url": reverse("admin:interactions_price_changelist"),
    }


def _seen(request: HttpRequest, one: SeenModel, book: PriceBook, now: datetime) -> SeenRow:
    provider = one.provider or ""
    price = effective_price(book, model=one.model, provider=provider, at=now)
    return SeenRow(one, price, add_url(request, model=one.model, provider=provider, price=price))


def add_url(request: HttpRequest, *, model: str, provider: str, price: EffectivePrice | None) -> str:
    """The form of a new price, filled in with what is known."""
    known = {"model": model, "provider": provider}
    if price is not None and not price.has_steps:
        known["input"], known["output"] = (f"{amount or 0:f}" for amount in price.amounts[:2])
    if price is not None:  # a row that begins today; what fills a gap holds from ever on
        known["valid_from"] = f"{timezone.now():%Y-%m-%d}"
    url = with_frame(reverse("admin:interactions_price_add"), request)
    return f"{url}{'&' if '?' in url else '?'}{urlencode(known)}"


def _book_rows(request: HttpRequest, book: PriceBook, now: datetime) -> list[BookRow]:
    """By model; of one model the newest first."""
    rows = sorted(book.rows, key=lambda row: (row.model.lower(), row.provider.lower()))  # stable: newest first stays
    found: list[BookRow] = []
    for row in rows:
        url = with_frame(reverse("admin:interactions_price_change", args=[row.pk]), request)
        newer = found[-1] if found and _same(found[-1].row, row) else None
        until = newer.row.valid_from if newer else None
        found.append(BookRow(row, until, url, _state(row, until, now)))
    return found


def _same(one: Price, other: Price) -> bool:
    names = (bare_name(one.model), one.provider.lower())
    return names == (bare_name(other.model), other.provider.lower())


def _state(row: Price, until: datetime | None, now: datetime) -> str:
    if row.valid_from > now:
        return "ahead"
    return "past" if until and until <= now else "now"
