"""A period is priced anew: counted first, changed only when it was confirmed, and never what a client said."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.digest.run import digest_until_empty
from interactions.ingest.native.interaction import parse_interaction
from interactions.models import Interaction, Price, PricingGap, Repricing
from interactions.repricing.requests import CannotReprice, confirm, request_repricing, stop
from interactions.repricing.run import reprice_waiting
from interactions.repricing.tally import Tally
from observatory.metrics import series
from observatory.metrics.catalogue import metric
from observatory.metrics.horizons import move
from observatory.metrics.models import Horizon, StaleBucket
from observatory.metrics.rollup.run import roll_up
from observatory.metrics.series import Window
from tests.interactions.repricing.week import NOW, START, save, span_costs, spans_of, total

pytestmark = pytest.mark.django_db(transaction=True)
Status = Repricing.Status


@pytest.fixture
def dearer(facts):
    Price.objects.filter(model="acme").update(input=12)
    Price.objects.create(model="in-house", input=3)


def test_counting_writes_nothing(project, dearer, ask):
    before, spans, marks = total(project), span_costs(project), StaleBucket.objects.count()
    job = ask()
    whole = Tally.of_json(job.found).whole
    assert (job.status, job.total) == (Status.READY, 9)
    assert (whole.n, whole.changed, whole.closed, whole.given) == (9, 8, 1, 1)
    assert (whole.before, whole.after) == (Decimal("76.5"), Decimal("93.5"))
    assert (total(project), span_costs(project), StaleBucket.objects.count()) == (before, spans, marks)
    assert PricingGap.objects.count() == 1


def test_where_nothing_changes_there_is_nothing_to_confirm(facts, ask):
    job = ask()
    assert (job.status, job.total, Tally.of_json(job.found).seen) == (Status.DONE, 9, 9)
    assert job.reason.startswith("Nothing changes")
    assert job.finished_at is not None
    with pytest.raises(CannotReprice):
        confirm(job, by="ann", now=NOW)


def test_what_was_counted_is_what_is_changed(project, dearer, ask, carry_out):
    job = carry_out(ask())
    assert (job.status, job.found, job.confirmed_by) == (Status.DONE, job.preview, "ann")
    assert total(project) == Decimal("93.5")
    assert span_costs(project)[:4] == [None, 1, 12, 12]
    assert not PricingGap.objects.exists()


def test_calls_are_counted_by_model_and_a_repeated_one_once(dearer, ask):
    models = Tally.of_json(ask().found).by_model
    assert {name: (one.n, one.changed, one.before, one.after) for name, one in models.items()} == {
        "acme": (7, 7, 70, 84),
        "acme-embedding": (6, 0, 6, 6),
        "in-house": (1, 1, 0, 3),
    }


def test_a_cost_from_the_client_stands(dearer, ask, carry_out):
    carry_out(ask())
    given = Interaction.objects.get(interaction_id="a0000000-0000-0000-0000-000000000002")
    assert (given.cost_usd, given.is_cost_given) == (Decimal("0.5"), True)


def test_only_the_chosen_models_are_priced_anew(project, dearer, ask, carry_out):
    Price.objects.filter(model="acme-embedding").update(input=2)
    carry_out(ask(models=("models/Acme-Embedding",)))
    assert span_costs(project)[:4] == [None, 2, 10, 10]
    assert total(project) == Decimal("82.5")


def test_only_the_period_is_priced_anew(project, dearer, ask, carry_out):
    job = carry_out(ask(days=1))
    assert (job.total, total(project)) == (1, Decimal("78.5"))


def test_a_digest_afterwards_changes_nothing(project, dearer, ask, carry_out):
    from interactions.digest.rebuild import mark_all_stale

    carry_out(ask())
    before = total(project), span_costs(project)
    mark_all_stale()
    digest_until_empty()
    assert (total(project), span_costs(project)) == before


def test_once_more_changes_nothing(dearer, ask, carry_out):
    carry_out(ask())
    assert Tally.of_json(ask().found).whole.changed == 0


def test_the_metrics_follow(project, dearer, ask, carry_out):
    roll_up(now=NOW)
    carry_out(ask())
    roll_up(now=NOW)
    found = series.summaries(metric("interactions.cost"), project_id=project.id, window=Window(START, NOW))
    assert found[()].total == pytest.approx(93.5)


def test_a_price_that_is_gone_makes_costs_unknown_and_says_so(facts, ask, carry_out):
    Price.objects.filter(model="acme").delete()
    job = carry_out(ask())
    assert Tally.of_json(job.found).whole.lost == 7
    assert set(PricingGap.objects.values_list("model", flat=True)) == {"acme", "in-house"}


def test_another_price_book_than_the_counted_one_stops_it(project, dearer, ask):
    job, before = ask(), total(project)
    Price.objects.filter(model="acme").update(input=13)
    with pytest.raises(CannotReprice, match="price book was changed"):
        confirm(job, by="ann", now=NOW)
    job.refresh_from_db()
    assert (job.status, total(project)) == (Status.STOPPED, before)


def test_a_stopped_one_is_not_carried_out(project, dearer, ask):
    job, before = ask(), total(project)
    confirm(job, by="ann", now=NOW)
    assert stop(job, by="mia", now=NOW)
    reprice_waiting()
    assert (job.status, job.reason, total(project)) == (Status.STOPPED, "Stopped by mia.", before)
    assert not stop(job, by="mia", now=NOW)


def test_a_confirmation_counts_once(dearer, ask, carry_out):
    job = ask()
    carry_out(job)
    with pytest.raises(CannotReprice, match="does not wait"):
        confirm(job, by="ann", now=NOW)


def test_what_was_deleted_cannot_be_priced_anew(project, dearer, ask):
    gone_until = START + timedelta(days=3)
    move(project.id, "interactions", Horizon.FACTS, int(gone_until.timestamp()))
    with pytest.raises(CannotReprice, match="were deleted"):
        request_repricing(project=project, since=START, until=START + timedelta(days=2), by="mia", now=NOW)
    job = ask()
    assert (job.facts_from, job.total) == (gone_until, 3)


def test_a_trace_that_lost_spans_is_left_alone(project, dearer, ask, carry_out):
    from interactions.models import Span

    Span.objects.filter(project=project, name="s2").order_by().filter(started_at__lt=START + timedelta(days=1)).delete()
    job = carry_out(ask(days=2))
    assert (Tally.of_json(job.found).incomplete, job.total) == (1, 5)


def test_a_native_interaction_without_tokens_costs_what_its_trace_does(project, facts, ask, carry_out):
    trace = spans_of(0, START)[0]["trace_id"]
    save(project, "interactions", parse_interaction, [{"id": trace, "query": "of the trace", "asked_at": START.isoformat()}])
    digest_until_empty()
    Price.objects.filter(model="acme").update(input=12)
    job = carry_out(ask(days=1))
    native = Interaction.objects.get(trace_id=trace)
    assert (native.cost_usd, Tally.of_json(job.found).whole.changed) == (13, 1)


def test_the_statements_of_a_batch_do_not_grow(project, facts, ask):
    def statements(days):
        with CaptureQueriesContext(connection) as queries:
            ask(days=days)
        return len(queries)

    assert statements(1) == statements(7)


def test_a_trace_that_is_noted_as_cut_is_left_alone(project, dearer, ask, carry_out):
    from interactions.models import TraceNote

    trace = spans_of(0, START)[0]["trace_id"]
    TraceNote.objects.create(project=project, kind=TraceNote.Kind.CUT, subject="", trace_id=trace)
    before = Interaction.objects.get(trace_id=trace).cost_usd
    job = carry_out(ask(days=2))
    assert Tally.of_json(job.found).incomplete == 1
    assert Interaction.objects.get(trace_id=trace).cost_usd == before


@pytest.mark.parametrize("days", [0, -1])
def test_a_period_ends_after_it_begins(project, days):
    with pytest.raises(CannotReprice, match="must begin before"):
        request_repricing(project=project, since=START, until=START + timedelta(days=days), by="mia", now=NOW)


def test_one_at_a_time(project, facts):
    request_repricing(project=project, since=START, until=NOW, by="mia", now=NOW)
    with pytest.raises(CannotReprice, match="at work"):
        request_repricing(project=project, since=START, until=NOW, by="mia", now=NOW)
