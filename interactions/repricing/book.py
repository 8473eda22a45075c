"""The state of the price book: what a count was made with, and what must not change until it is carried out."""

import hashlib
from importlib.metadata import version
from typing import Any

import orjson

from interactions.pricing.book import PriceBook

AMOUNTS = ("input", "output", "cached", "cache_write", "reasoning")
PACKAGE = "genai-prices"


def state_of(book: PriceBook) -> dict[str, Any]:
    """Return `{"rows": our rows, "package": version, "print": hash of both}`, to be kept with a re-pricing."""
    rows = [
        {
            "model": row.model,
            "provider": row.provider,
            "valid_from": row.valid_from.isoformat(),
            **{name: None if (amount := getattr(row, name)) is None else f"{amount.normalize():f}" for name in AMOUNTS},
        }
        for row in book.rows
    ]
    state = {"rows": rows, "package": package_version()}
    return {**state, "print": hashlib.sha256(orjson.dumps(state)).hexdigest()}


def package_version() -> str:
    return version(PACKAGE)
