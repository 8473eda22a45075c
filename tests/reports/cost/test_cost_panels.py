"""What the panels of cost say: figures that can be computed by hand, and reasons where there are none."""

from datetime import date

import pytest

from interactions.models import Price, UserDay
from reports.boards import BOARDS

pytestmark = pytest.mark.django_db(transaction=True)
# One call: dear 1,500 fresh + 500 cached + 100 out = $0.0175; cheap 2,000 + 100 out = $0.0022. 48 of each a day.
DEAR, CHEAP = 0.0175, 0.0022


def cells(content, column):
    place = [one.name for one in content.table.columns].index(column)
    return [row[place].words for row in content.table.rows]


def tiles(content):
    return {tile.name: tile for tile in content.tiles}


@pytest.mark.parametrize("name", BOARDS["cost"].panels)
def test_a_panel_of_an_empty_project_says_why(ask, shop, name):
    content = ask(name)
    assert content.reason
    assert not content.tiles
    assert content.chart is None


def test_totals_change_and_what_is_missing(spend, ask):
    spend(2)
    found = tiles(ask("cost_figures"))
    assert found["Cost"].value == "$0.9456"
    assert found["Cost per hour"].value == "$0.0394"
    assert (found["Cost"].n, found["Cost per interaction"].value) == (96, "$0.009850")
    assert found["Cost"].change.words == "as before"
    assert (found["Without a price"].value, found["Without a price"].judgement) == ("48", "warn")


def test_a_given_cost_hides_no_interaction_without_a_price(spend, ask):
    spend(1, models={"in-house": {}}, users=1, hours=10)
    given = {"cost_usd": "0.5", "input_tokens": None, "output_tokens": None}
    spend(1, models={"cheap": {}, "in-house": given}, users=1, hours=10)
    assert tiles(ask("cost_figures"))["Without a price"].value == "10"
    found = dict(zip(cells(ask("cost_models"), "Model"), cells(ask("cost_models"), "No price"), strict=True))
    assert found["in-house"] == "10"


def test_the_cached_share_and_what_it_saved(spend, ask):
    spend(1)
    found = tiles(ask("cost_figures"))["Cached input tokens"]
    assert found.value == "8.3 %"
    assert "saved $0.2160" in found.note


def test_what_is_written_to_a_cache_lessens_what_it_saved(spend, ask):
    Price.objects.create(model="dear", input=10, output=20, cached=1, cache_write="12.5")
    spend(1, models={"dear": {"cached_tokens": 500, "cache_write_tokens": 1_000}})
    assert "saved $0.0960 at" in tiles(ask("cost_figures"))["Cached input tokens"].note  # 24,000 * $9 - 48,000 * $2.50


def test_models_are_compared_and_one_without_a_price_has_no_cost(spend, ask):
    spend(2)
    content = ask("cost_models")
    assert cells(content, "Model") == ["dear", "cheap", "in-house"]
    assert cells(content, "Cost") == ["$0.8400", "$0.1056", "no price"]
    assert cells(content, "Each")[2] == "–"
    assert cells(content, "Cached") == ["25.0 %", "–", "–"]
    assert cells(content, "No price") == ["0", "0", "48"]


def test_a_model_of_a_page_narrows_it(spend, ask):
    spend(1)
    assert cells(ask("cost_models", model="cheap"), "Model") == ["cheap"]


def test_users_by_cost_of_whole_days(spend, ask):
    spend(1, models={"dear": {}})
    content = ask("cost_users")
    assert sorted(cells(content, "User")) == ["user-0", "user-1"]
    assert content.n == 2
    assert {row["name"] for row in content.chart.rows} == {"user-0", "user-1"}


def test_a_user_s_mean_cost_is_of_the_priced_interactions(shop, ask):
    UserDay.objects.create(
        project=shop, user_id="u", day=date(2026, 3, 11), is_stale=False, requests=10, priced=1, unpriced=9, cost_usd=1.0
    )
    content = ask("cost_users", hours=1)
    assert (cells(content, "Interactions"), cells(content, "No price")) == (["10"], ["9"])
    assert cells(content, "Each") == cells(content, "Cost") == ["$1.00"]


def test_of_many_users_the_latest_days_are_added_up_and_it_says_so(spend, ask, monkeypatch):
    from interactions.reading import user_costs

    spend(3, models={"dear": {}}, hours=6)
    monkeypatch.setattr(user_costs, "MOST_ROWS", 4)
    content = ask("cost_users", hours=72)
    assert "from 10 Mar 2026 on" in content.words
    assert cells(content, "Interactions") == ["12", "12"]


def test_a_day_is_a_column_of_each_model(spend, ask):
    spend(3)
    rows = ask("cost_days", hours=72).chart.rows
    by_day = [row["v"] for row in rows if row["name"] == "dear"]
    assert len(by_day) == 4
    assert sum(by_day) == pytest.approx(3 * 48 * DEAR)


def test_tokens_of_each_kind_are_counted_once(spend, ask):
    spend(1)
    totals: dict[str, float] = {}
    for row in ask("token_types").chart.rows:
        totals[row["name"]] = totals.get(row["name"], 0) + row["v"]
    assert totals == {"input": 48 * 5_500, "cached input": 48 * 500, "output": 48 * 300}


def test_what_is_left_by_embedding_is_generation(spend, ask):
    spend(1)
    content = ask("cost_stages")
    assert (cells(content, "Stage"), cells(content, "Share")) == (["Generation"], ["100 %"])


def test_stages_are_not_told_apart_by_environment(spend, ask):
    spend(1)
    assert "environment" in ask("cost_stages", environment="default").reason


def test_tokens_at_the_prices_of_another_model(spend, ask):
    spend(1)
    content = ask("what_if")
    assert cells(content, "at dear") == ["$0.8400", "$1.06, 10.0 ×", "$1.06"]
    assert cells(content, "at cheap") == ["$0.1056, 13 %", "$0.1056", "$0.1056"]


def test_savings_name_their_assumption(spend, ask):
    spend(1)
    content = ask("cost_savings")
    assert cells(content, "What") == ["Use cheap", "Cache prompts"]
    assert "50 % of the input tokens" in cells(content, "If")[1]
    assert cells(content, "Would save")[1].startswith("$0.2160")


def test_no_model_that_answers_is_replaced_by_one_for_embeddings(spend, ask):
    Price.objects.create(model="embed", input="0.1", output=0)
    spend(1, models={"cheap": {}, "embed": {"output_tokens": None}})
    assert "No rule finds" in ask("cost_savings").words
    assert "two models" in ask("what_if").reason


def test_what_is_written_to_the_cache_is_taken_from_the_saving(spend, ask):
    Price.objects.create(model="dear", input=10, output=20, cached=1, cache_write="12.5")
    spend(1, models={"dear": {}})
    content = ask("cost_savings")
    # 96,000 tokens: half read at $1 instead of $10, half written at $12.50 instead of $10.
    assert cells(content, "Would save")[0].startswith("$0.3120")
    assert cells(content, "If")[0].endswith("all others are written to the cache, at its price")


def test_nothing_is_saved_where_there_is_one_plain_model(spend, ask):
    spend(1, models={"cheap": {}})
    assert "No rule finds" in ask("cost_savings").words


@pytest.mark.parametrize(("days", "is_told"), [(3, False), (6, True)])
def test_month_and_year_need_three_whole_days(spend, ask, days, is_told):
    spend(days)
    content = ask("cost_ahead")
    assert bool(content.reason) is not is_told


def test_the_month_goes_on_as_its_days_did(spend, ask):
    spend(8)
    month = tiles(ask("cost_ahead"))["This month"]
    day = 48 * (DEAR + CHEAP)
    expected = 8 * day + 20.5 * day  # eight days until noon of the 11th; half of that day and 20 more
    assert float(month.value.removeprefix("$")) == pytest.approx(expected, rel=0.02)
    assert month.interval
    assert (ask("cost_ahead").n, ask("cost_ahead").n_of) == (7, "days")


def test_a_price_of_today_says_what_the_cache_saves(spend, ask):
    spend(1)
    Price.objects.filter(model="dear").update(cached=None)
    assert "saved $0 " in tiles(ask("cost_figures"))["Cached input tokens"].note
