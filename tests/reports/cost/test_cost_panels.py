"""What the panels of cost say of eight days of three models: figures that can be computed by hand."""

import pytest

from interactions.models import Price
from reports.panels.catalogue import panel

# One call: dear 1,500 fresh + 500 cached + 100 out = $0.0175; cheap 2,000 + 100 out = $0.0022. 48 of each a day.
DEAR, CHEAP = 0.0175, 0.0022


@pytest.fixture
def shop(db, eight_days):
    return eight_days


def cells(content, column):
    place = [one.name for one in content.table.columns].index(column)
    return [row[place].words for row in content.table.rows]


def tiles(content):
    return {tile.name: tile for tile in content.tiles}


def test_totals_change_and_what_is_missing(ask):
    found = tiles(ask("cost_figures"))
    assert found["Cost"].value == "$0.9456"
    assert found["Cost per hour"].value == "$0.0394"
    assert (found["Cost"].n, found["Cost per interaction"].value) == (96, "$0.009850")
    assert found["Cost"].change.words == "as before"
    assert (found["Without a price"].value, found["Without a price"].judgement) == ("48", "warn")


def test_the_cached_share_and_what_it_saved(ask):
    found = tiles(ask("cost_figures"))["Cached input tokens"]
    assert found.value == "8.3 %"
    assert "saved $0.2160" in found.note


def test_models_are_compared_and_one_without_a_price_has_no_cost(ask):
    content = ask("cost_models")
    assert cells(content, "Model") == ["dear", "cheap", "in-house"]
    assert cells(content, "Cost") == ["$0.8400", "$0.1056", "no price"]
    assert cells(content, "Each")[2] == "–"
    assert cells(content, "Cached") == ["25.0 %", "–", "–"]
    assert cells(content, "No price") == ["0", "0", "48"]


@pytest.mark.parametrize("name", ["cost_shares", "cost_models", "cost_by_model"])
def test_a_panel_by_model_says_to_which_of_several_an_answer_is_booked(name):
    assert "counts whole for the model of its answer" in panel(name).help


def test_a_model_of_a_page_narrows_it(ask):
    assert cells(ask("cost_models", model="cheap"), "Model") == ["cheap"]


def test_a_day_is_a_column_of_each_model(ask):
    rows = ask("cost_days", hours=72).chart.rows
    by_day = [row["v"] for row in rows if row["name"] == "dear"]
    assert len(by_day) == 4
    assert sum(by_day) == pytest.approx(3 * 48 * DEAR)


def test_tokens_of_each_kind_are_counted_once(ask):
    totals: dict[str, float] = {}
    for row in ask("token_types").chart.rows:
        totals[row["name"]] = totals.get(row["name"], 0) + row["v"]
    assert totals == {"input": 48 * 5_500, "cached input": 48 * 500, "output": 48 * 300}


def test_what_is_left_by_embedding_is_generation(ask):
    content = ask("cost_stages")
    assert (cells(content, "Stage"), cells(content, "Share")) == (["Generation"], ["100 %"])


def test_stages_are_not_told_apart_by_environment(ask):
    assert "environment" in ask("cost_stages", environment="default").reason


def test_tokens_at_the_prices_of_another_model(ask):
    content = ask("what_if")
    assert cells(content, "at dear") == ["$0.8400", "$1.06, 10.0 ×", "$1.06"]
    assert cells(content, "at cheap") == ["$0.1056, 13 %", "$0.1056", "$0.1056"]


def test_savings_name_their_assumption(ask):
    content = ask("cost_savings")
    assert cells(content, "What") == ["Use cheap", "Cache prompts"]
    assert "50 % of the input tokens" in cells(content, "If")[1]
    assert cells(content, "Would save")[1].startswith("$0.2160")


def test_the_month_goes_on_as_its_days_did(ask):
    month = tiles(ask("cost_ahead"))["This month"]
    day = 48 * (DEAR + CHEAP)
    expected = 8 * day + 20.5 * day  # eight days until noon of the 11th; half of that day and 20 more
    assert float(month.value.removeprefix("$")) == pytest.approx(expected, rel=0.02)
    assert month.interval
    assert (ask("cost_ahead").n, ask("cost_ahead").n_of) == (7, "days")


def test_a_price_of_today_says_what_the_cache_saves(ask):
    Price.objects.filter(model="dear").update(cached=None)
    assert "saved $0 " in tiles(ask("cost_figures"))["Cached input tokens"].note
