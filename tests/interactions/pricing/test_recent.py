"""Costs come with the facts where the model was priced lately; the digest has the last word."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.digest.run import digest_until_empty
from interactions.ingest.store import recent_rates
from interactions.metrics.sources import INTERACTIONS
from interactions.models import Interaction, Price, RecentRate, Span
from interactions.pricing import recent
from interactions.pricing.rates import Rates
from interactions.pricing.recent import RecentRates, expected_cost, keep
from observatory.metrics.models import Counter
from observatory.metrics.rollup.run import roll_up
from observatory.metrics.staleness import mark

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 1, tzinfo=UTC)
NAME = ("m", "p")
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


def test_an_interaction_has_no_cost_before_its_digest(send, project, learned):
    """Its metrics feed a counter, which is never lowered, and a roll-up may come first."""
    send("/api/v1/interactions", ASKED)
    mark(
        {(project.id, INTERACTIONS.name, Interaction.objects.get(query_preview="q").asked_at.timestamp())},
        now=timezone.now(),
    )
    roll_up(now=timezone.now())
    assert Interaction.objects.get(query_preview="q").cost_usd is None
    digest_until_empty()
    roll_up(now=timezone.now())
    assert Interaction.objects.get(query_preview="q").cost_usd == COST
    counted = Counter.objects.filter(series__metric="interactions.cost").aggregate(Sum("total"))["total__sum"]
    assert counted == pytest.approx(float(2 * COST))


def test_a_given_cost_stands_and_what_has_no_tokens_has_no_cost(send, learned):
    send("/api/v1/spans", CALL | {"trace_id": "given", "cost_usd": 7})
    send("/api/v1/spans", {"trace_id": "silent", "name": "call", "kind": "llm", "model": "gpt-4o", "provider": "openai"})
    assert updates() == []
    assert (cost_of("given"), cost_of("silent")) == (7, None)
    assert Span.objects.get(trace_id="given").is_cost_given


def test_the_digest_replaces_what_ingest_expected(send, learned):
    Price.objects.create(model="gpt-4o", input=1, output=1)
    send("/api/v1/spans", CALL | {"trace_id": "changed"})
    assert cost_of("changed") == COST
    digest_until_empty()
    assert cost_of("changed") == Interaction.objects.get(trace_id="changed").cost_usd == Decimal("0.0011")
    recent_rates.forget()
    send("/api/v1/spans", CALL | {"trace_id": "after"})
    assert cost_of("after") == Decimal("0.0011")


def test_a_price_that_went_is_expected_no_more(send):
    Price.objects.create(model="own", input=5, output=5)
    for trace_id, cost in (("a", Decimal("0.0055")), ("b", None)):
        send("/api/v1/spans", CALL | {"trace_id": trace_id, "model": "own", "provider": ""})
        digest_until_empty()
        assert cost_of(trace_id) == cost
        Price.objects.all().delete()
    assert not RecentRate.objects.exists()


def test_a_price_of_the_future_is_not_expected_yet(send, learned):
    Price.objects.create(model="gpt-4o", valid_from=datetime(2040, 1, 1, tzinfo=UTC), input=50, output=50)
    send("/api/v1/spans", CALL | {"trace_id": "future", "started_at": "2041-01-01T00:00:00Z"})
    digest_until_empty()
    recent_rates.forget()
    send("/api/v1/spans", CALL | {"trace_id": "next"})
    assert cost_of("next") == COST


def test_a_retry_is_a_duplicate_whatever_was_expected_first(send, learned):
    body = CALL | {"trace_id": "once", "span_id": "0123456789abcdef"}
    first = send("/api/v1/spans", body)
    recent_rates.forget()
    RecentRate.objects.all().delete()
    assert send("/api/v1/spans", body) == first


def test_old_calls_that_come_late_do_not_speak_for_those_to_come():
    keep({NAME: (NOW, DEAR)})
    keep({NAME: (NOW - timedelta(days=40), CHEAP)})
    keep({NAME: (NOW - timedelta(days=40), None)})
    assert RecentRates().read() == {NAME: DEAR}
    keep({NAME: (NOW + timedelta(hours=1), CHEAP)})
    assert RecentRates().read() == {NAME: CHEAP}
    keep({NAME: (NOW + timedelta(hours=2), None)})
    assert RecentRates().read() == {}


@pytest.mark.parametrize(
    "rates", [CHEAP, Rates(Decimal("0.3"), Decimal("123456.654321"), None, Decimal("0.0833333333333333"), None)]
)
def test_what_is_known_is_not_written_again(rates, django_assert_num_queries):
    keep({NAME: (NOW, rates)})
    with django_assert_num_queries(1):
        keep({NAME: (NOW + timedelta(hours=3), rates)})


def test_models_that_are_used_no_more_make_room(monkeypatch):
    monkeypatch.setattr(recent, "MOST", 2)
    for day, model in enumerate(("a", "b", "a", "c")):
        keep({(model, ""): (NOW + timedelta(days=2 * day), CHEAP)})
    assert sorted(RecentRate.objects.values_list("model", flat=True)) == ["a", "c"]


def test_any_number_of_models_in_one_batch_leaves_the_latest(django_assert_max_num_queries):
    used = {(f"model-{number}", ""): (NOW + timedelta(seconds=number), CHEAP) for number in range(40_000)}
    with django_assert_max_num_queries(8):
        keep(used)
    assert RecentRate.objects.count() == recent.MOST
    assert RecentRate.objects.earliest("used_at").model == f"model-{40_000 - recent.MOST}"


def test_rates_are_read_again_after_a_while():
    moment = 100.0
    rates = RecentRates(clock=lambda: moment)
    assert rates.read() == {}
    keep({NAME: (NOW, CHEAP)})
    assert rates.read() == {}
    moment += recent.RELOAD_S
    assert rates.read() == {NAME: CHEAP}


def test_expected_costs_count_every_kind_of_token():
    rates = {("m", ""): Rates(Decimal(4), Decimal(10), Decimal(1), None, Decimal(20))}
    assert expected_cost(rates, ("m", ""), [1000, 100, 400, 100, 40]) == Decimal("0.0042")
    assert expected_cost(rates, ("m", ""), [None, 100, None, None, None]) == Decimal("0.001")
    assert expected_cost(rates, ("m", ""), [None, None, 400, None, None]) is None
    assert expected_cost(rates, ("other", ""), [1, 1, None, None, None]) is None
