"""What was counted stays counted, once, whatever comes late or is rebuilt after facts went."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.interactions.retention.conftest import NOW, numbers, settle, span

TRACE = "7" * 32
MIDNIGHT = datetime(2024, 2, 19, tzinfo=UTC)  # what is older goes


@pytest.fixture
def retain():
    from interactions.retention.run import retain

    return lambda: retain(now=NOW)


@pytest.fixture
def only(monkeypatch):
    """`only(kind)`: what is older than yesterday goes of one kind, as where it is over its limit."""
    from interactions.retention import run

    real = run.cutoff
    yesterday = NOW.replace(hour=0, minute=0) - timedelta(days=1)

    def goes(name):
        cutoff = lambda p, kind, **more: yesterday if kind.name == name else real(p, kind, **more)  # noqa: E731
        monkeypatch.setattr(run, "cutoff", cutoff)

    return goes


@pytest.fixture
def only_spans_go(only):
    only("spans")


def rebuild():
    from interactions.digest.rebuild import mark_all_stale

    mark_all_stale()
    settle()


def test_a_trace_across_the_cutoff_is_not_counted_again_by_a_rebuild(shop, send, retain):
    early, late = MIDNIGHT - timedelta(seconds=1), MIDNIGHT + timedelta(seconds=1)
    send("/api/v1/spans", [span(TRACE, early, input="the question"), span(TRACE, late, "d" * 16, "c" * 16, input="inner")])
    settle()
    before = numbers(shop)
    retain()
    rebuild()
    assert numbers(shop) == before


def test_a_root_that_went_for_its_age_is_not_missing(shop, send, read, retain):
    early, late = MIDNIGHT - timedelta(seconds=1), MIDNIGHT + timedelta(seconds=1)
    for trace in (TRACE, "8" * 32):
        send("/api/v1/spans", span(trace, late, "d" * 16, "c" * 16))
    send("/api/v1/spans", span(TRACE, early))
    settle()
    retain()
    found = [read(f"/api/v1/traces/{trace}")[1] for trace in (TRACE, "8" * 32)]
    assert [[one["span_id"] for one in trace["spans"]] for trace in found] == [["d" * 16]] * 2
    assert [trace["is_root_missing"] for trace in found] == [False, True]


def test_interactions_that_went_before_their_spans_are_not_counted_again_by_a_rebuild(shop, retain, only):
    from interactions.models import Interaction, Span

    before, spans = numbers(shop), Span.objects.count()
    only("interactions")
    retain()
    assert (Interaction.objects.count(), Span.objects.count()) == (0, spans - 6 * 3)
    rebuild()
    assert Interaction.objects.count() == 0
    assert numbers(shop) == before


def test_a_late_span_leaves_the_interaction_whose_spans_went(shop, send, retain, only_spans_go):
    from interactions.models import Interaction, Span

    at = NOW - timedelta(days=3)
    tokens = {"model": "gpt-4o", "input_tokens": 1_000, "output_tokens": 1_000}
    send("/api/v1/spans", [span(TRACE, at, input="the question", output="the answer", **tokens)])
    settle()
    before = Interaction.objects.filter(trace_id=TRACE).values().get()
    retain()
    assert not Span.objects.filter(trace_id=TRACE).exists()
    send("/api/v1/spans", [span(TRACE, at + timedelta(seconds=5), "d" * 16, "c" * 16, name="late")])
    settle()
    assert Interaction.objects.filter(trace_id=TRACE).values().get() == before
    rebuild()
    assert Interaction.objects.filter(trace_id=TRACE).values().get() == before


def test_a_native_interaction_keeps_what_its_spans_cost(shop, send, retain, only_spans_go):
    from interactions.models import Interaction

    at = NOW - timedelta(days=3)
    send("/api/v1/spans", [span(TRACE, at, model="gpt-4o", input_tokens=1_000, output_tokens=1_000)])
    send("/api/v1/interactions", {"query": "q", "trace_id": TRACE, "asked_at": at.isoformat()})
    settle()
    before = Interaction.objects.get(trace_id=TRACE)
    assert before.cost_usd
    retain()
    rebuild()
    after = Interaction.objects.get(trace_id=TRACE)
    assert (after.cost_usd, after.span_count) == (before.cost_usd, 1)


def test_a_late_trace_in_two_requests_is_assembled_whole(shop, send, retain):
    """What comes new of a time whose facts are gone has lost nothing."""
    from interactions.models import Interaction

    retain()
    at = NOW - timedelta(days=40)
    for one in (span(TRACE, at, "d" * 16, "c" * 16, input="inner"), span(TRACE, at, input="the question")):
        send("/api/v1/spans", [one])
        settle()
    assert (Interaction.objects.get(trace_id=TRACE).query_preview) == "the question"


def test_notes_go_with_their_traces(shop, send, retain):
    from interactions.models import TraceNote

    at = NOW - timedelta(days=40)
    send("/api/v1/spans", [span(TRACE, at, user_id="one"), span(TRACE, at, "d" * 16, user_id="two")])
    settle()
    assert list(TraceNote.objects.values_list("kind", "subject", "trace_id")) == [("user", "two", TRACE)]
    retain()
    assert not TraceNote.objects.exists()
