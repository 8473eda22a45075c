"""Costs come with the facts where the model was priced lately; the digest has the last word."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.digest.run import digest_until_empty
from interactions.ingest.store import recent_rates
from interactions.models import Interaction, Price, RecentRate, Span
from interactions.pricing import recent
from interactions.pricing.rates import Rates
from interactions.pricing.recent import RecentRates, expected_cost, keep

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 1, tzinfo=UTC)
CHEAP, DEAR = (Rates(Decimal(price), Decimal(2 * price), None, None, None) for price in (1, 3))
CALL = {"name": "call", "kind": "llm", "model": "gpt-4o", "provider": "openai", "input_tokens": 1000, "output_tokens": 100}
ASKED = {"query": "q", "model": "gpt-4o", "provider": "openai", "input_tokens": 1000, "output_tokens": 100}
COST = Decimal("0.0035")  # at $2.50 and $10


@pytest.fixture
def learned(send):
    """A call of the model was digested, and this process has read by what."""
    send("/api/v1/spans", CALL | {"trace_id": "first"})
    digest_until_empty()
    recent_rates.forget()


def updates():
    """Digest, and return what it wrote over facts."""
    with CaptureQueriesContext(connection) as queries:
        digest_until_empty()
    statements = [query["sql"].replace('"', "") for query in queries]
    return [one for one in statements for model in (Span, Interaction) if f"UPDATE {model._meta.db_table} " in one]


def cost_of(trace_id):
    return Span.objects.get(trace_id=trace_id).cost_usd


def test_the_first_call_of_a_model_is_priced_by_the_digest(send):
    send("/api/v1/spans", CALL | {"trace_id": "first"})
    assert cost_of("first") is None
    assert len(updates()) == 1
    assert cost_of("first") == COST


def test_a_span_of_a_known_model_is_written_once(send, learned):
    send("/api/v1/spans", CALL | {"trace_id": "next"})
    assert cost_of("next") == COST
    assert updates() == []
    assert (cost_of("next"), Interaction.objects.get(trace_id="next").cost_usd) == (COST, COST)


def test_an_interaction_of_a_known_model_is_written_once(send, learned):
    send("/api/v1/interactions", ASKED)
    assert updates() == []
    assert Interaction.objects.get(query_preview="q").cost_usd == COST


def test_a_given_cost_stands_and_what_has_no_tokens_has_no_cost(send, learned):
    send("/api/v1/spans", CALL | {"trace_id": "given", "cost_usd": 7})
    send("/api/v1/spans", {"trace_id": "silent", "name": "call", "kind": "llm", "model": "gpt-4o", "provider": "openai"})
    assert updates() == []
    assert (cost_of("given"), cost_of("silent")) == (7, None)
    assert Span.objects.get(trace_id="given").is_cost_given


def test_the_digest_replaces_what_ingest_expected(send, learned):
    Price.objects.create(model="gpt-4o", input=1, output=1)
    send("/api/v1/spans", CALL | {"trace_id": "changed"})
    send("/api/v1/interactions", ASKED)
    assert cost_of("changed") == COST
    digest_until_empty()
    assert cost_of("changed") == Interaction.objects.get(query_preview="q").cost_usd == Decimal("0.0011")
    recent_rates.forget()
    send("/api/v1/spans", CALL | {"trace_id": "after"})
    assert cost_of("after") == Decimal("0.0011")


def test_a_retry_is_a_duplicate_whatever_was_expected_first(send, learned):
    first = send("/api/v1/interactions", ASKED | {"id": "6f1b0d6e-4f0e-4d7e-9a39-0c5d9d0c1a11"})
    recent_rates.forget()
    RecentRate.objects.all().delete()
    assert send("/api/v1/interactions", ASKED | {"id": "6f1b0d6e-4f0e-4d7e-9a39-0c5d9d0c1a11"}) == first


def test_old_calls_that_come_late_do_not_speak_for_those_to_come():
    keep({("m", "p"): (NOW, DEAR)}, now=NOW)
    keep({("m", "p"): (NOW - timedelta(days=40), CHEAP)}, now=NOW)
    assert RecentRates().read() == {("m", "p"): DEAR}
    keep({("m", "p"): (NOW + timedelta(hours=1), CHEAP)}, now=NOW + timedelta(hours=1))
    assert RecentRates().read() == {("m", "p"): CHEAP}


def test_a_call_of_the_future_does_not_keep_a_rate_for_ever():
    keep({("m", "p"): (NOW + timedelta(days=9_000), DEAR)}, now=NOW)
    keep({("m", "p"): (NOW + timedelta(minutes=1), CHEAP)}, now=NOW + timedelta(minutes=1))
    assert RecentRates().read() == {("m", "p"): CHEAP}


def test_what_is_known_is_not_written_again(django_assert_num_queries):
    keep({("m", "p"): (NOW, CHEAP)}, now=NOW)
    with django_assert_num_queries(1):
        keep({("m", "p"): (NOW + timedelta(hours=3), CHEAP)}, now=NOW + timedelta(hours=3))


def test_models_that_are_used_no_more_make_room(monkeypatch):
    monkeypatch.setattr(recent, "MOST", 2)
    for day, model in enumerate(("a", "b", "a", "c")):
        keep({(model, ""): (NOW + timedelta(days=2 * day), CHEAP)}, now=NOW + timedelta(days=30))
    assert sorted(RecentRate.objects.values_list("model", flat=True)) == ["a", "c"]


def test_rates_are_read_again_after_a_while():
    moment = 100.0
    rates = RecentRates(clock=lambda: moment)
    assert rates.read() == {}
    keep({("m", ""): (NOW, CHEAP)}, now=timezone.now())
    assert rates.read() == {}
    moment += recent.RELOAD_S
    assert rates.read() == {("m", ""): CHEAP}


def test_expected_costs_count_every_kind_of_token():
    rates = {("m", ""): Rates(Decimal(4), Decimal(10), Decimal(1), None, Decimal(20))}
    assert expected_cost(rates, ("m", ""), [1000, 100, 400, 100, 40]) == Decimal("0.0042")
    assert expected_cost(rates, ("m", ""), [None, 100, None, None, None]) == Decimal("0.001")
    assert expected_cost(rates, ("m", ""), [None, None, 400, None, None]) is None
    assert expected_cost(rates, ("other", ""), [1, 1, None, None, None]) is None
