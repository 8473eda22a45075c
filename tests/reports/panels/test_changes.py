"""What changed: the panel names the segment that moved, leads to it, and is silent about chance."""

import random
from datetime import timedelta
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.metrics.sources import INTERACTIONS
from interactions.models import Interaction
from observatory.metrics.rollup.run import roll_up
from observatory.metrics.series import Window
from observatory.metrics.staleness import mark
from observatory.projects.models import Project
from observatory.stats.contributions import change_of_mean, change_of_total
from observatory.stats.summary import Summary
from reports.panels.asked import Asked
from reports.panels.changes import MEASURES, _headline, what_changed
from reports.panels.content import Link

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
serial = count(1)


@pytest.fixture
def shop():
    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def now():
    return timezone.now().replace(minute=30, second=0, microsecond=0)


@pytest.fixture
def fill(shop, now):
    """`fill(hours_ago, n, latency_ms=..., **columns)`: interactions with times around a mean, all within an hour."""
    draw = random.Random(5)

    def fill(hours_ago, n, *, latency_ms=1_000.0, error_share=0.0, **columns):
        at = now - hours_ago * HOUR + timedelta(minutes=10)
        rows = [
            Interaction(
                project=shop, trace_id=f"{next(serial):032x}", asked_at=at + timedelta(seconds=number % 1_200),
                latency_ms=draw.gauss(latency_ms, latency_ms / 10), is_error=number < error_share * n, **columns,
            )
            for number in range(n)
        ]  # fmt: skip
        Interaction.objects.bulk_create(rows)
        mark([(shop.pk, INTERACTIONS.name, row.asked_at.timestamp()) for row in rows], now=now)

    return fill


def answer(shop, now, **only):
    roll_up(now=now)
    return what_changed(Asked(shop.pk, Window(now - HOUR, now), now, only))


def rows_of(content):
    return [[cell.words for cell in row] for row in content.table.rows] if content.table else []


def test_the_segment_that_grew_slow_is_named_and_leads_to_its_interactions(shop, now, fill):
    for hours_ago, slow in ((2, 1_000), (1, 2_000)):
        fill(hours_ago, 400, model="quick", release="1")
        fill(hours_ago, 100, model="slow", release="1", latency_ms=slow)
    content = answer(shop, now)
    (row,) = content.table.rows
    assert [cell.words for cell in row][:3] == ["Mean latency +20 % (1.00 s → 1.20 s)", "model slow", "103 %"]
    assert (row[0].judgement, row[3].words, row[4].words) == ("worse", "998 ms → 2.00 s", "100")
    assert row[1].link == Link("interactions", {"model": "slow"})
    assert "error rate" in content.words


def test_a_new_release_that_fails_is_named(shop, now, fill):
    fill(2, 300, release="1", prompt_name="answer", prompt_version="3")
    fill(1, 150, release="1", prompt_name="answer", prompt_version="3")
    fill(1, 150, release="2", prompt_name="answer", prompt_version="4", error_share=0.4)
    rows = [row for row in rows_of(answer(shop, now)) if row[0].startswith("Error rate")]
    assert rows[0][0] == "Error rate +20.0 points (0 % → 20 %)"
    assert {row[1] for row in rows} == {"release 2", "prompt version answer 4"}
    assert {row[3] for row in rows} == {"none → 40 %"}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [(0, 100, "+100.0 points (0 % → 100 %)"), (0, 12.3, "+12.3 points"), (50, 30, "−20.0 points (50 % → 30 %)")],
)
def test_a_move_of_a_share_is_told_in_points_with_a_true_minus(before, after, words):
    sides = [Summary(n=1_000, total=10.0 * share, squares=10.0 * share) for share in (before, after)]
    (measure,) = [one for one in MEASURES if one.is_share]
    assert _headline(measure, change_of_mean(*sides)).startswith(f"Error rate {words}")


def test_a_fall_has_a_true_minus():
    sides = [Summary(n=100, total=100.0 * cost, squares=100.0 * cost * cost) for cost in (2.0, 1.0)]
    (measure,) = [one for one in MEASURES if one.is_total]
    assert _headline(measure, change_of_total(*sides)).startswith("Cost −50 % ($200")


def test_more_requests_are_why_it_costs_more(shop, now, fill):
    fill(2, 200, model="m", cost_usd=0.01)
    fill(1, 400, model="m", cost_usd=0.01)
    assert rows_of(answer(shop, now)) == [["Cost +100 % ($2.00 → $4.00)", "more interactions", "100 %", "200 → 400", "400"]]


def test_a_dearer_model_is_why_it_costs_more(shop, now, fill):
    fill(2, 300, model="cheap", cost_usd=0.001)
    fill(1, 200, model="cheap", cost_usd=0.001)
    fill(1, 100, model="dear", cost_usd=0.02)
    first = rows_of(answer(shop, now))[0]
    assert first[1:4] == ["model dear", "100 %", "none → $0.0200 each"]


def test_where_all_slow_down_alike_no_segment_is_blamed(shop, now, fill):
    for hours_ago, latency_ms in ((2, 1_000), (1, 1_500)):
        fill(hours_ago, 200, model="a", latency_ms=latency_ms)
        fill(hours_ago, 200, model="b", latency_ms=latency_ms)
    assert rows_of(answer(shop, now))[0][1] == "everywhere: no segment stands out"


def test_a_move_within_chance_is_no_change(shop, now, fill):
    for hours_ago in (2, 1):
        fill(hours_ago, 300, model="a")
        fill(hours_ago, 30, model="b")
    content = answer(shop, now)
    assert content.table is None
    assert content.words.startswith("No clear change: mean latency (")


def test_too_little_says_so(shop, now, fill):
    assert "Too few" in answer(shop, now).reason
    fill(1, 500)
    assert "Too few" in answer(shop, now).reason


def test_a_narrowed_page_is_explained_within_what_it_shows(shop, now, fill):
    for hours_ago, slow in ((2, 1_000), (1, 3_000)):
        fill(hours_ago, 200, environment="prod", category="a")
        fill(hours_ago, 200, environment="prod", category="b")
        fill(hours_ago, 200, environment="test", category="b", latency_ms=slow)
    assert rows_of(answer(shop, now))[0][1] == "environment test"
    assert rows_of(answer(shop, now, environment="prod")) == []
    # By category nothing is counted for each model, so a page of a model is not explained by it.
    assert "category" not in str(rows_of(answer(shop, now, model="unknown")))


def test_what_was_not_named_and_what_was_counted_together_lead_nowhere(shop, now, fill):
    for hours_ago, slow in ((2, 1_000), (1, 3_000)):
        fill(hours_ago, 300, release="1")
        fill(hours_ago, 100, latency_ms=slow)
    row = answer(shop, now).table.rows[0]
    assert (row[1].words, row[1].link) == ("no release named", None)


def test_hostile_names_are_words(shop, now, fill):
    for hours_ago, slow in ((2, 1_000), (1, 3_000)):
        fill(hours_ago, 300, model="a")
        fill(hours_ago, 100, model="<script>", latency_ms=slow)
    assert answer(shop, now).table.rows[0][1].words == "model <script>"


def test_the_number_of_queries_does_not_grow(shop, now, fill):
    fill(2, 50, model="a")
    fill(1, 50, model="a")
    answer(shop, now)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            what_changed(Asked(shop.pk, Window(now - HOUR, now), now))
        counts.append(len(queries))
        for number in range(40):
            fill(1 + number % 2, 10, model=f"m{number}", release=f"r{number}", category=f"c{number}")
        roll_up(now=now)
    assert counts[0] == counts[1] <= 10
