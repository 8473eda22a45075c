"""What a call costs."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from genai_prices.data import providers
from genai_prices.types import ModelPrice

from interactions.models import Price
from interactions.pricing.book import PriceBook
from interactions.pricing.packaged import packaged_cost, rates_of
from interactions.pricing.rates import Usage, cost_by_row

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


def test_a_star_is_for_all_models_that_begin_so_and_goes_last():
    Price.objects.create(model="acme-*", input=3)
    Price.objects.create(model="acme-large*", input=5)
    Price.objects.create(model="acme-large-2", input=7)
    found = [cost(model, input=1_000_000) for model in ("acme-small", "models/Acme-Large-1", "acme-large-2", "acme")]
    assert found == [3, 5, 7, None]


def test_a_whole_name_that_is_not_valid_yet_leaves_it_to_the_star():
    Price.objects.create(model="acme-*", input=3)
    Price.objects.create(model="acme-1", valid_from=datetime(2027, 1, 1, tzinfo=UTC), input=7)
    assert cost("acme-1", input=1_000_000) == 3


def test_an_unknown_model_has_no_cost():
    assert cost("in-house-7b", input=1000) is None


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("gpt-4o-mini", "azure.ai.openai"),
        ("gemini-2.5-flash", "gcp.vertex_ai"),
        ("text-embedding-3-small", ""),
        ("gpt-4o", "openai"),
        ("grok-3", "x_ai"),
        ("gemini-2.5-flash", "gcp.gen_ai"),
    ],
)
def test_packaged_prices_are_found_under_the_names_of_the_conventions(model, provider):
    assert cost(model, provider, input=1000, output=10) > 0


def test_flat_packaged_prices_cost_what_the_package_says():
    models = [model for provider in providers for model in provider.models]
    prices = [
        price
        for model in models
        for price in ([model.prices] if isinstance(model.prices, ModelPrice) else [one.prices for one in model.prices])
    ]
    usages = (
        Usage(input=1000, output=300),
        Usage(input=1000, output=300, cached=400, cache_write=100, reasoning=50),
        Usage(input=100, output=20, cached=400, cache_write=100),
        Usage(input=500_000),
        Usage(),
    )
    flat = [(price, rates) for price in prices if (rates := rates_of(price)) is not None]
    assert len(flat) > len(prices) * 0.9
    for price, rates in flat:
        assert [cost_by_row(rates, usage) for usage in usages] == [packaged_cost(price, usage) for usage in usages]


@pytest.mark.parametrize("model", ["gpt-4o", "deepseek-r1", "gpt-oss-20b"])
def test_what_another_provider_asks_for_the_same_name_is_no_price(model):
    assert cost(model, "my-own-server", input=1_000_000) is None
