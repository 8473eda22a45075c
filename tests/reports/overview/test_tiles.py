"""Tiles: figures with change, interval and n, and grey with a reason where there is too little."""

import pytest

from reports.panels.catalogue import panel

pytestmark = pytest.mark.django_db
YESTERDAY = 30 * 60  # minutes: in the day before the last one


@pytest.fixture
def tiles(asked):
    return lambda **only: {tile.name: tile for tile in panel("state").answer(asked(**only)).tiles}


def test_an_empty_project_has_grey_tiles_each_with_a_reason(tiles):
    assert {name: tile.reason for name, tile in tiles().items() if not tile.reason} == {}
    assert tiles()["Requests"].reason == "No interaction in this time."


def test_figures_come_with_n_and_a_link_to_their_facts(keep, interaction, tiles):
    keep(interactions=[interaction(minutes, latency_ms=100 * minutes) for minutes in range(1, 31)])
    found = tiles()
    assert found["Requests"].value == "30"
    assert found["Response time p95"].value.startswith("2.7")
    assert found["Response time p95"].n == 30
    assert found["Response time p95"].link.query["min_latency_ms"].isdigit()
    assert found["Tokens"].value == "4,500"
    assert found["Tokens"].note == "3,000 in, 1,500 out"
    assert (found["Active sessions"].value, found["Active users"].value) == ("1", "1")
    assert len(found["Requests"].spark) == 25


def test_too_few_values_are_grey_and_say_how_many_it_takes(keep, interaction, tiles):
    keep(interactions=[interaction(minutes) for minutes in range(1, 8)])
    found = tiles()
    assert found["Response time p95"].reason == "7 response times are too few: it takes 20."
    assert found["Response time p50"].reason == ""


def test_rates_have_an_interval_and_the_failed_ones_a_link(keep, interaction, tiles):
    keep(interactions=[interaction(minutes, status="error" if minutes <= 5 else "ok") for minutes in range(1, 21)])
    found = tiles()
    assert (found["Success rate"].value, found["Error rate"].value) == ("75.0 %", "25.0 %")
    assert found["Error rate"].interval == "11.2 % to 46.9 %"
    assert found["Error rate"].note == "5 failed"
    assert found["Error rate"].link.query == {"status": "error"}


def test_without_a_day_before_there_is_no_comparison(keep, interaction, tiles):
    keep(interactions=[interaction()])
    assert tiles()["Error rate"].change.words == "no comparison: nothing before"
    assert tiles()["Error rate"].change.judgement == ""


def test_a_change_is_judged_only_where_chance_does_not_explain_it(keep, interaction, tiles):
    before = [interaction(YESTERDAY + place, latency_ms=500 + place % 20) for place in range(200)]
    now = [interaction(5 + place, latency_ms=900 + place % 20) for place in range(200)]
    keep(interactions=[interaction(3 * YESTERDAY), *before, *now])
    found = tiles()
    assert found["Response time p50"].change.words == "+79 %"
    assert found["Response time p50"].change.judgement == "worse"
    assert found["Requests"].change.words == "as before"


def test_totals_are_not_compared_with_a_time_that_the_data_only_partly_cover(keep, interaction, tiles):
    keep(interactions=[interaction(YESTERDAY), interaction(5), interaction(6)])
    assert tiles()["Requests"].change.words == "no comparison: the data began within the time before"


def test_a_small_change_of_few_is_told_and_not_judged(keep, interaction, tiles):
    before = [interaction(YESTERDAY + place, status="error" if place < 2 else "ok") for place in range(30)]
    keep(interactions=before + [interaction(5 + place, status="error" if place < 3 else "ok") for place in range(30)])
    change = tiles()["Error rate"].change
    assert (change.words, change.judgement) == ("+3.3 points", "")


def test_a_page_is_narrowed_by_model_and_its_links_too(keep, interaction, tiles):
    keep(interactions=[interaction(1), interaction(2), interaction(3, model="o4-mini")])
    found = tiles(model="o4-mini")
    assert found["Requests"].value == "1"
    assert found["Requests"].link.query == {"model": "o4-mini"}


def test_satisfaction_is_the_mean_rating_of_users(keep, interaction, tiles):
    ratings = [{"type": "user_feedback", "data": {"rating": rating, "helpful": rating > 3}} for rating in (5, 4, 4, 2, 5)]
    keep(interactions=[interaction()], events=ratings)
    tile = tiles()["Satisfaction"]
    assert (tile.value, tile.n, tile.note) == ("4.00/5", 5, "80.0 % thumbs up")


def test_health_is_the_score_of_the_machine_that_is_worst_off(keep, tiles):
    used = {"cpu_percent": 10, "memory_percent": 20, "disk_percent": 30}
    hosts = [{"host": "a", **used}, {"host": "b", **used, "memory_percent": 90}]
    keep(events=[{"type": "system.sample", "data": data} for data in hosts])
    tile = tiles()["Health"]
    assert (tile.value, tile.judgement) == ("52/100", "bad")
    assert tile.note == "critical: b, worst of 2"
