"""What a live page shows: true a moment after it came, bounded, and honest where there is nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.metrics.sources import INTERACTIONS
from interactions.models import Origin
from observatory.metrics.rollup.run import roll_up
from observatory.metrics.staleness import mark
from observatory.projects.models import Project
from reports.live import figures
from reports.live.snapshot import Watched

pytestmark = pytest.mark.django_db


def look(shop, now=None):
    return Watched(shop.pk, shop.slug).look(now=now or timezone.now())


def values(shop, now=None):
    return {name: tile.value for name, tile in look(shop, now).tiles.items()}


def test_what_came_is_shown_before_anything_is_rolled_up(shop, ask):
    ask(
        1,
        latency_ms=800,
        model="m1",
        session_id="s1",
        user_id="u1",
        input_tokens=10,
        output_tokens=5,
        cost_usd=Decimal("0.5"),
    )
    ask(2, latency_ms=1200, model="m2", session_id="s2", user_id="u1", is_error=True)
    found = values(shop)
    assert {name: found[name] for name in ("rate", "success", "errors", "models", "sessions", "users", "tokens")} == {
        "rate": "2", "success": "50 %", "errors": "50 %", "models": "2", "sessions": "2", "users": "1", "tokens": "15",
    }  # fmt: skip
    assert found["cost"] == "$0.5000"


def test_a_quantile_is_shown_from_as_many_values_as_it_takes(shop, ask):
    for number in range(19):
        ask(number + 1, latency_ms=100 + number)
    tiles = look(shop).tiles
    assert (tiles["p50"].value, tiles["p50"].n) == ("109 ms", 19)
    assert tiles["p95"].reason == "19 answers are too few: it takes 20 in 5 min."
    ask(30, latency_ms=900)
    assert look(shop).tiles["p95"].value == "118 ms"


def test_without_anything_figures_are_grey_with_a_reason(shop):
    tiles = look(shop).tiles
    assert {name for name, tile in tiles.items() if tile.reason} == {
        "success", "errors", "p50", "p95", "health", "quality",
    }  # fmt: skip
    assert tiles["rate"].value == "0"


def test_each_figure_has_its_window(shop, ask):
    now = timezone.now()
    for seconds_ago in (30, 90, 250, 400):
        ask(seconds_ago, now=now, latency_ms=100)
    tiles = look(shop, now).tiles
    assert (tiles["rate"].value, tiles["success"].n) == ("1", 3)


def test_the_last_hour_comes_from_buckets_and_the_open_minute_from_facts(shop, ask):
    now = timezone.now().replace(second=30, microsecond=0)
    for seconds_ago in (0, 20, 40, 600, 3_000):
        ask(seconds_ago, now=now, cost_usd=Decimal("0.25"))
    mark([(shop.pk, INTERACTIONS.name, (now - timedelta(seconds=ago)).timestamp()) for ago in (0, 40, 600, 3_000)], now=now)
    roll_up(now=now)
    tiles = look(shop, now).tiles
    assert tiles["cost"].value == "$1.25"
    assert sum(tiles["rate"].spark) == 3  # closed minutes only


def test_quality_is_what_a_judge_says_else_the_estimate_by_its_name(shop):
    from feedback.models import Source
    from feedback.scores import Verdict, write

    now = timezone.now()
    at = now - timedelta(minutes=10)
    write(shop.pk, [Verdict(f"e{place}", Source.ESTIMATE, "estimate", at, value=0.7) for place in range(5)], now=now)
    roll_up(now=now)
    tile = look(shop, now).tiles["quality"]
    assert (tile.value, tile.n, tile.note) == ("0.70", 5, "lexical estimate (no model); last 60 min")
    verdicts = [
        Verdict(f"j{place}", Source.JUDGE, "deepeval.faithfulness", at, value=0.9, is_passed=place < 4) for place in range(5)
    ]
    write(shop.pk, verdicts, now=now)
    roll_up(now=now)
    tile = look(shop, now).tiles["quality"]
    assert (tile.value, tile.n, tile.note) == ("80 %", 5, "faithfulness, judged; last 60 min")


def test_the_facts_that_are_read_are_bounded(shop, ask, monkeypatch):
    monkeypatch.setattr(figures, "MOST_FACTS", 5)
    now = timezone.now()
    for seconds_ago in range(20):
        ask(seconds_ago, now=now, latency_ms=100 + seconds_ago)
    tiles = look(shop, now).tiles
    assert (tiles["rate"].value, tiles["p50"].n, tiles["p50"].note) == ("20", 5, "newest 5, 4 s")


def test_the_sums_of_a_busy_minute_are_added_up_by_the_store_the_less_often_the_longer_it_takes(shop, ask, monkeypatch):
    monkeypatch.setattr(figures, "MOST_FACTS", 2)
    monkeypatch.setattr(figures, "REST", 1_000_000.0)
    now = timezone.now()
    for seconds_ago in (1, 2, 3, 70):
        ask(seconds_ago, now=now, input_tokens=5, cost_usd=Decimal("0.5"))
    watched = Watched(shop.pk, shop.slug)
    first = watched.look(now=now).tiles
    assert [first[name].value for name in ("rate", "tokens")] == ["3", "15"]
    ask(0, now=now)
    assert watched.look(now=now).tiles["rate"].value == "3"


def test_what_is_dated_far_ahead_and_what_is_no_exchange_is_left_out(shop, ask):
    ask(-3_600, latency_ms=1)
    ask(1, origin=Origin.PLAIN)
    snapshot = look(shop)
    assert (snapshot.tiles["rate"].value, list(snapshot.newest)) == ("0", [])


def test_the_newest_ten_are_listed_however_old(shop, ask):
    keys = [ask(86_400 + number).pk for number in range(12)]
    assert [row["key"] for row in look(shop).as_dict("shop")["newest"]] == keys[:10]


def test_a_row_leads_to_its_interaction(shop, ask, admin_client):
    ask(1, model="m", latency_ms=640, is_error=True, error_type="Timeout")
    row = look(shop).as_dict("shop")["newest"][0]
    assert (row["question"], row["latency"], row["cost"], row["error"]) == ("How?", "640 ms", "–", "Timeout")
    assert admin_client.get(row["url"]).status_code == 200


def test_the_number_of_queries_does_not_grow(shop, ask):
    ask(1)
    with CaptureQueriesContext(connection) as few:
        look(shop)
    for number in range(300):
        ask(number / 2, model=f"m{number}", user_id=f"u{number}", latency_ms=number)
    with CaptureQueriesContext(connection) as many:
        look(shop)
    assert len(many) == len(few)


def test_between_two_looks_only_facts_are_read_again(shop, ask):
    watched = Watched(shop.pk, shop.slug)
    watched.look(now=timezone.now())
    with CaptureQueriesContext(connection) as queries:
        watched.look(now=timezone.now())
    assert len(queries) == 2


def test_another_project_is_not_seen(shop, ask):
    other = Project.objects.create(slug="bank", name="Bank")
    ask(1, project=other)
    assert values(shop)["rate"] == "0"
    assert values(other)["rate"] == "1"
