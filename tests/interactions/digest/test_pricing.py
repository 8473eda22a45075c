"""What a call costs."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from interactions.digest.pricing import PriceBook, Usage
from interactions.models import Price

NOW = datetime(2026, 11, 1, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def cost(model, provider="", at=NOW, **usage):
    return PriceBook().cost(model=model, provider=provider, at=at, usage=Usage(**usage))


def test_the_ledgers_example():
    assert cost("gemini-1.5-pro", input=8234, output=312) == Decimal("0.00114625")
    assert cost("embedding-001", input=1_000_000) == Decimal("0.01")


def test_our_own_rows_go_before_the_packaged_prices_and_are_dated():
    assert cost("gpt-4o", "openai", input=1_000_000) == Decimal("2.5")
    Price.objects.create(model="gpt-4o", valid_from=datetime(2026, 6, 1, tzinfo=UTC), input=1, output=2)
    assert cost("gpt-4o", "openai", input=1_000_000) == Decimal(1)
    assert cost("gpt-4o", "openai", at=datetime(2026, 5, 31, tzinfo=UTC), input=1_000_000) == Decimal("2.5")


def test_cached_written_and_reasoning_tokens_have_their_own_prices():
    Price.objects.create(model="m", input=10, output=20, cached=1, cache_write=12, reasoning=30)
    found = cost("m", input=1000, cached=300, cache_write=200, output=100, reasoning=40)
    assert found == (500 * Decimal(10) + 300 * 1 + 200 * 12 + 60 * 20 + 40 * 30) / 1_000_000


def test_a_price_left_open_is_that_of_the_tokens_around_it():
    Price.objects.create(model="m", input=10, output=20)
    assert cost("m", input=1000, cached=1000, output=100, reasoning=100) == Decimal("0.012")


def test_the_row_of_the_provider_goes_first():
    Price.objects.create(model="m", input=10)
    Price.objects.create(model="m", provider="azure", input=7)
    assert cost("m", "azure", input=1_000_000) == 7
    assert cost("M", "other", input=1_000_000) == 10


def test_an_unknown_model_has_no_cost():
    assert cost("in-house-7b", input=1000) is None


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("gpt-4o-mini", "azure.ai.openai"),
        ("gemini-2.5-flash", "gcp.vertex_ai"),
        ("text-embedding-3-small", ""),
        ("gpt-4o", "litellm"),
    ],
)
def test_packaged_prices_are_found_under_the_names_of_the_conventions(model, provider):
    assert cost(model, provider, input=1000, output=10) > 0
