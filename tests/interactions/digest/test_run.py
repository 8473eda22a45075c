"""The digest: nothing is lost, a rerun changes nothing, one bad trace stops no other."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from interactions.digest import run
from interactions.digest.fold import fold_outcomes
from interactions.digest.rebuild import mark_all_stale, mark_unpriced_stale
from interactions.digest.run import digest_until_empty
from interactions.models import IngestOutcome, Interaction, Price, PricingGap, Span, StaleTrace
from interactions.reading.health import outcome_counts
from observatory.core.leases import LeaseLost, acquire, fence
from observatory.core.models import Lease

pytestmark = pytest.mark.django_db


def llm(trace_id, **fields):
    return {"trace_id": trace_id, "name": "call", "kind": "llm", "model": "gpt-4o", "input_tokens": 1000, **fields}


def table():
    fields = [field.name for field in Interaction._meta.fields if field.name != "id"]
    return list(Interaction.objects.order_by("interaction_id").values_list(*fields))


def test_a_rebuild_gives_the_same_rows(send):
    send("/api/v1/spans", [llm("a"), llm("b", status="error"), llm("b", output_tokens=7)])
    send("/api/v1/interactions", {"query": "native", "model": "gpt-4o", "input_tokens": 5})
    assert digest_until_empty() == 3
    before, costs = table(), list(Span.objects.order_by("trace_id", "span_id").values_list("cost_usd"))
    assert mark_all_stale() == 3
    digest_until_empty()
    assert (table(), list(Span.objects.order_by("trace_id", "span_id").values_list("cost_usd"))) == (before, costs)


def test_a_late_span_changes_its_interaction(send):
    send("/api/v1/spans", llm("a"))
    digest_until_empty()
    send("/api/v1/spans", llm("a"))
    digest_until_empty()
    assert [(one.input_tokens, one.span_count) for one in Interaction.objects.all()] == [(2000, 2)]


def test_a_native_interaction_speaks_for_its_trace_whichever_came_first(send):
    for trace_id, order in (("a", (0, 1)), ("b", (1, 0))):
        calls = [("/api/v1/spans", llm(trace_id)), ("/api/v1/interactions", {"trace_id": trace_id, "query": "q"})]
        for place in order:
            send(*calls[place])
            digest_until_empty()
    assert [(one.query_preview, one.span_count, float(one.cost_usd)) for one in Interaction.objects.all()] == [
        ("q", 1, 0.0025)
    ] * 2


def test_one_bad_trace_stops_no_other_and_waits_to_be_looked_at(send, monkeypatch):
    send("/api/v1/spans", [llm("good"), llm("bad")])
    derive = run.derive

    def fail_on_bad(project_id, trace_ids, book):
        if "bad" in trace_ids:
            raise ValueError("no")
        return derive(project_id, trace_ids, book)

    monkeypatch.setattr(run, "derive", fail_on_bad)
    digest_until_empty()
    assert list(Interaction.objects.values_list("trace_id")) == [("good",)]
    mark = StaleTrace.objects.get()
    assert (mark.failures, mark.error) == (5, "ValueError: no")
    monkeypatch.undo()
    send("/api/v1/spans", llm("bad"))
    digest_until_empty()
    assert not StaleTrace.objects.exists()


def test_only_one_process_digests_and_a_lost_lease_writes_nothing(send):
    send("/api/v1/spans", llm("a"))
    Lease.objects.create(name=run.LEASE, owner="another", until=timezone.now() + timedelta(minutes=1))
    assert digest_until_empty() == 0
    with pytest.raises(LeaseLost):
        fence(run.LEASE, now=timezone.now(), seconds=1)
    Lease.objects.update(until=timezone.now())
    assert digest_until_empty() == 1


def test_a_lease_is_taken_over_only_when_it_ran_out():
    now = datetime(2026, 1, 1, tzinfo=UTC)
    Lease.objects.create(name="job", owner="another", until=now + timedelta(seconds=10))
    assert not acquire("job", now=now + timedelta(seconds=9), seconds=10)
    assert acquire("job", now=now + timedelta(seconds=10), seconds=10)


def test_a_call_at_a_price_of_the_book_is_digested_on_both_stores(send):
    send("/api/v1/spans", llm("a", model="gemini-1.5-pro", input_tokens=8234, output_tokens=312))
    digest_until_empty()
    assert not StaleTrace.objects.exists()
    assert float(Interaction.objects.get().cost_usd) == float(Span.objects.get().cost_usd) == 0.00114625


def test_a_new_price_closes_its_gap(send):
    send("/api/v1/spans", llm("a", model="in-house-7b"))
    digest_until_empty()
    assert (Interaction.objects.get().cost_usd, PricingGap.objects.count()) == (None, 1)
    Price.objects.create(model="In-House-7b", input=2)
    assert mark_unpriced_stale("In-House-7b") == 1
    digest_until_empty()
    assert (float(Interaction.objects.get().cost_usd), PricingGap.objects.count()) == (0.002, 0)
    Price.objects.filter(model="In-House-7b").delete()
    mark_all_stale()
    digest_until_empty()
    assert (Interaction.objects.get().cost_usd, Span.objects.get().cost_usd, PricingGap.objects.count()) == (None, None, 1)


def test_a_store_that_is_away_costs_no_trace_a_try(send, monkeypatch):
    send("/api/v1/spans", llm("a"))

    def away(*args, **kwargs):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(run, "write", away)
    with pytest.raises(OperationalError):
        digest_until_empty()
    assert StaleTrace.objects.get().failures == 0
    monkeypatch.undo()
    assert digest_until_empty() == 1


def test_tokens_beyond_any_column_are_unknown(send):
    send("/api/v1/spans", [llm("a", input_tokens=2**31 - 1), llm("a", input_tokens=2**31 - 1)])
    digest_until_empty()
    assert Interaction.objects.get().input_tokens is None


def test_folding_keeps_every_sum(send, project):
    for number in range(5):
        send("/api/v1/interactions", [{"query": str(number)}, {"confidence": 7}])
    IngestOutcome.objects.update(counted_at=datetime(2026, 1, 1, 10, 30, 5, tzinfo=UTC))
    since = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 11, tzinfo=UTC)]
    before = [(one.received, one.stored, one.reasons) for one in outcome_counts(project.id, since=since)]
    assert fold_outcomes(now=timezone.now()) == 10 + 2  # into a minute, then into the hour
    assert (
        [(one.received, one.stored, one.reasons) for one in outcome_counts(project.id, since=since)]
        == before
        == [([10, 0], [5, 0], {"invalid": [5, 0]})]
    )
    assert IngestOutcome.objects.count() == 2
    assert fold_outcomes(now=timezone.now()) == 0
