"""Where the slow time goes: shares of the interactions around the p95, of those that tell their stages."""

import pytest


def shares(content):
    whole = sum(row["v"] for row in content.chart.rows)
    return {row["at"]: pytest.approx(row["v"] / whole) for row in content.chart.rows}


def test_only_the_slow_ones_are_looked_at(ask, answer):
    for number in range(90):
        ask("quick", 1 + number, latency_ms=100.0, retrieval_ms=90.0, generation_ms=10.0)
    for number in range(10):
        ask(
            "slow",
            1 + number,
            latency_ms=1_000.0 + number,
            retrieval_ms=(1_000.0 + number) / 10,
            generation_ms=(1_000.0 + number) / 2,
        )
    content = answer("latency_stages")
    assert shares(content) == {"retrieval": 0.1, "generation": 0.5, "other": 0.4}
    assert content.n == 10
    assert sum(row["v"] for row in content.chart.rows) == pytest.approx(1_004)
    assert content.words == "Of the p95 of 1.00 s: retrieval 10.0 %, generation 50.0 %, other 40.0 %."
    assert content.link.query == {"min_latency_ms": "1000"}


def test_stages_that_are_slow_in_turn_do_not_count_twice(ask, answer):
    for number in range(100):
        retrieval, generation = (1_000.0 if number % 20 == place else 10.0 for place in (0, 1))
        ask("q", 1 + number, latency_ms=retrieval + generation, retrieval_ms=retrieval, generation_ms=generation)
    assert shares(answer("latency_stages")) == {"retrieval": 0.5, "generation": 0.5}


def test_a_few_that_tell_do_not_stand_for_all(ask, answer):
    for number in range(100):
        ask("q", 1 + number, latency_ms=1_000.0 + number, retrieval_ms=900.0 if number >= 93 else None)
    content = answer("latency_stages")
    assert content.reason.startswith("7 of the 10 slowest interactions tell the time of their stages: too few")
    assert content.chart is None


def test_a_stage_that_none_tells_is_in_what_is_left(ask, answer):
    for number in range(50):
        ask("q", 1 + number, latency_ms=1_000.0, generation_ms=800.0, model="m" if number else "other")
    assert shares(answer("latency_stages")) == {"generation": 0.8, "other": 0.2}
    assert answer("latency_stages", model="m").reason.startswith("49 response times are too few")


def test_more_than_the_whole_is_the_whole(ask, answer):
    for number in range(50):
        ask("q", 1 + number, latency_ms=1_000.0, retrieval_ms=600.0, generation_ms=600.0)
    assert shares(answer("latency_stages")) == {"retrieval": 0.5, "generation": 0.5}


def test_without_stages_it_says_what_to_send(ask, answer):
    for number in range(50):
        ask("q", 1 + number, latency_ms=1_000.0)
    assert "send retrieval_ms" in answer("latency_stages").reason


def test_a_bounded_number_is_looked_at_and_said(ask, answer, monkeypatch):
    for number in range(70):
        ask("q", 1 + number, latency_ms=1_000.0 if number < 60 else 9_000.0, retrieval_ms=100.0)
    monkeypatch.setattr("reports.panels.latency_stages.MOST", 60)
    content = answer("latency_stages")
    assert content.words.endswith("Of the latest 60 interactions.")
    assert content.words.startswith("Of the p95 of 1.00 s")
