"""Times of a trace against those of its peers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from interactions.reading.peers import MIN_PEERS, Usual, peer_window
from observatory.metrics.rollup.run import roll_up

TRACE = "/admin/interactions/interaction/trace/"


@pytest.fixture
def peers(shop, send):
    """`peers(n, ms)` stores n retrievals of that time, and interactions around them, and rolls up."""

    def make(number, ms, start=100):
        at = timezone.now() - timedelta(days=1)
        spans = []
        for place in range(number):
            trace = f"{start + place:032x}"
            base = {"trace_id": trace, "started_at": at.isoformat(), "input": "q"}
            spans.append({**base, "span_id": "a" * 16, "name": "ask", "kind": "chain", "duration_ms": ms * 2})
            own = {"span_id": "b" * 16, "parent_span_id": "a" * 16, "name": "search", "kind": "retriever"}
            spans.append({**base, **own, "duration_ms": ms})
        send(shop, "spans", *spans)
        roll_up(now=timezone.now())

    return make


def page(client, trace_id, **query):
    return client.get(TRACE, {"project": "shop", "id": trace_id, **query}).content.decode()


def trace_of(send, shop, ms, trace_id="f" * 32):
    own = {"trace_id": trace_id, "span_id": "c" * 16, "name": "search", "kind": "retriever", "input": "q"}
    send(shop, "spans", {**own, "duration_ms": ms})


def test_a_slow_stage_says_how_many_times_the_usual_it_took(admin_client, shop, send, peers):
    peers(MIN_PEERS, 100)
    trace_of(send, shop, 310)
    text = page(admin_client, "f" * 32, span="c" * 16)
    assert "3.1 × usual (100 ms)" in text
    assert f"n = {MIN_PEERS}" in text
    assert 'class="usual"' in text


def test_a_stage_of_usual_time_shows_the_band_and_no_word(admin_client, shop, send, peers):
    peers(MIN_PEERS, 100)
    trace_of(send, shop, 104)
    text = page(admin_client, "f" * 32)
    assert "× usual" not in text
    assert 'class="usual"' in text


def test_with_too_few_peers_nothing_is_said(admin_client, shop, send, peers):
    peers(MIN_PEERS - 1, 100)
    trace_of(send, shop, 900)
    text = page(admin_client, "f" * 32)
    assert "× usual" not in text
    assert 'class="usual"' not in text


def test_peers_of_another_project_do_not_count(admin_client, shop, bank, send, peers):
    peers(MIN_PEERS, 100)
    own = {"trace_id": "f" * 32, "span_id": "c" * 16, "name": "search", "kind": "retriever", "duration_ms": 900}
    send(bank, "spans", own)
    answer = admin_client.get(TRACE, {"project": "bank", "id": "f" * 32})
    assert "× usual" not in answer.content.decode()


def test_the_latency_of_an_interaction_has_its_model_s_for_peers(admin_client, shop, send, moment):
    asked = {"query": "q", "answer": "a", "model": "m", "asked_at": moment(60)}
    send(shop, "interactions", *({**asked, "latency_ms": 200} for _ in range(MIN_PEERS)))
    send(shop, "interactions", {**asked, "latency_ms": 1_000, "trace_id": "e" * 32})
    roll_up(now=timezone.now())
    text = page(admin_client, "e" * 32)
    assert "5.0 × usual (200 ms)" in text
    assert f"median of the {MIN_PEERS + 1} answers with <bdi>m</bdi> in the 7 days" in text


def test_a_little_longer_or_within_the_p95_is_not_slow():
    usual = Usual(100.0, 200.0, 50)
    assert [usual.is_slow(ms) for ms in (100, 180, 200, 201)] == [False, False, False, True]
    assert not Usual(0.1, 0.2, 50).is_slow(80.0)
    assert Usual(10.0, 20.0, 50).says(784.0) == "78 × usual (10 ms)"
    assert Usual(0.0, 0.0, 50).times(5.0) is None


def test_the_days_of_the_peers_end_with_that_of_the_trace():
    window = peer_window(datetime(2026, 3, 10, 15, tzinfo=UTC))
    assert (window.start, window.end) == (datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 11, tzinfo=UTC))
