"""What the panels of cost say of nothing, of little and of the unusual: figures, or reasons where there are none."""

from datetime import date

import pytest

from interactions.models import Price, UserDay
from reports.boards import BOARDS
from tests.reports.cost.test_cost_panels import cells, tiles

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", BOARDS["cost"].panels)
def test_a_panel_of_an_empty_project_says_why(ask, shop, name):
    content = ask(name)
    assert content.reason
    assert not content.tiles
    assert content.chart is None


def test_a_given_cost_hides_no_interaction_without_a_price(spend, ask):
    spend(1, models={"in-house": {}}, users=1, hours=10)
    given = {"cost_usd": "0.5", "input_tokens": None, "output_tokens": None}
    spend(1, models={"cheap": {}, "in-house": given}, users=1, hours=10)
    assert tiles(ask("cost_figures"))["Without a price"].value == "10"
    found = dict(zip(cells(ask("cost_models"), "Model"), cells(ask("cost_models"), "No price"), strict=True))
    assert found["in-house"] == "10"


def test_what_is_written_to_a_cache_lessens_what_it_saved(spend, ask):
    Price.objects.create(model="dear", input=10, output=20, cached=1, cache_write="12.5")
    spend(1, models={"dear": {"cached_tokens": 500, "cache_write_tokens": 1_000}})
    assert "saved $0.0960 at" in tiles(ask("cost_figures"))["Cached input tokens"].note  # 24,000 * $9 - 48,000 * $2.50


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
