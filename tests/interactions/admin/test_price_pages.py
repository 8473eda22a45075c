"""The page of prices and its form: what is in use, what it costs, what a row would hold for."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from interactions.digest.run import digest_until_empty
from interactions.ingest.native.batch import parse_all
from interactions.ingest.native.interaction import parse_interaction
from interactions.ingest.store import store
from interactions.models import Interaction, Price, PricingGap
from interactions.models.price import EVER
from observatory.metrics.rollup.run import roll_up
from tests.pages import inline_code

pytestmark = pytest.mark.django_db(transaction=True)
PRICES = "admin:interactions_price_changelist"
FORM = {"provider": "", "valid_from_0": "2026-01-01", "valid_from_1": "00:00:00", "input": "1", "output": "2"}


@pytest.fixture
def use(project):
    def used(models, *, times=2, first=0, **more):
        now = timezone.now()
        items = [
            {"id": f"a0000000-0000-0000-0000-{first + place * 100 + time:012x}", "query": "q", "model": model,
             "provider": provider, "input_tokens": 1000, "output_tokens": 10, **more}
            for place, (provider, model) in enumerate(models)
            for time in range(times)
        ]  # fmt: skip
        placed, refusals = parse_all(items, parse_interaction, now=now)
        assert refusals == []
        store(project_id=project.id, signal="interactions", now=now, records=[one for _, one in placed], refusals=refusals)
        digest_until_empty()
        roll_up(now=timezone.now())

    return used


def open_prices(client, **query):
    return client.get(reverse(PRICES), {"project": "shop", **query})


def test_each_model_in_use_has_its_price_and_where_it_comes_from(admin_client, use):
    Price.objects.get_or_create(model="gemini-1.5-pro", valid_from=EVER, defaults={"input": 1})
    use([("openai", "gpt-4o"), ("", "gemini-1.5-pro"), ("self", "in-house")])
    context = open_prices(admin_client).context_data
    assert [(row.one.model, row.one.uses, row.one.tokens) for row in context["gaps"]] == [("in-house", 2, 2020)]
    found = {row.one.model: row.price for row in context["priced"]}
    assert found["gpt-4o"].packaged == "OpenAI, gpt-4o"
    assert found["gemini-1.5-pro"].row.model == "gemini-1.5-pro"


def test_a_model_whose_costs_are_given_needs_no_price(admin_client, use):
    use([("self", "my-own-llm")], cost_usd=0.01)
    use([("self", "in-house")], first=1000)
    context = open_prices(admin_client).context_data
    assert [row.one.model for row in context["gaps"]] == ["in-house"]
    assert [row.one.model for row in context["needless"]] == ["my-own-llm"]
    health = admin_client.get("/admin/interactions/ingestoutcome/", {"project": "shop"})
    assert [gap.model for gap, _ in health.context_data["gaps"]] == ["in-house"]
    page = open_prices(admin_client).content.decode()
    assert "came with its cost" in page
    assert inline_code(page) == []


def test_a_provider_is_found_beyond_the_newest_facts(admin_client, use, monkeypatch):
    use([("anthropic", "claude-3-haiku"), ("", "gpt-4o"), ("openai", "o4-mini")])
    monkeypatch.setattr("interactions.reading.models_seen.NEWEST", 0)
    found = {row.one.model: row.one.provider for row in open_prices(admin_client).context_data["priced"]}
    assert found == {"claude-3-haiku": "anthropic", "gpt-4o": "", "o4-mini": "openai"}
    Interaction.objects.all().delete()
    page = open_prices(admin_client)
    assert {row.one.provider for row in page.context_data["priced"]} == {None}
    assert "were deleted for their age" in page.content.decode()


def test_a_gap_leads_to_a_form_filled_in(admin_client, use):
    use([("self", "in-house")])
    (gap,) = open_prices(admin_client).context_data["gaps"]
    page = admin_client.get(gap.add_url).content.decode()
    assert 'value="in-house"' in page
    assert "Holds for 1 model seen, 2 uses so far." in page


def test_a_row_ends_where_the_next_one_of_its_model_begins(admin_client, project):
    for year in (2024, 2025, 2999):
        Price.objects.create(model="m", valid_from=datetime(year, 1, 1, tzinfo=UTC), input=1)
    rows = [row for row in open_prices(admin_client, q="m").context_data["rows"] if row.row.model == "m"]
    assert [row.state for row in rows] == ["ahead", "now", "past"]
    assert [row.until and row.until.year for row in rows] == [None, 2999, 2025]


def test_rows_that_came_with_observatory_are_told_from_changed_ones(admin_client, project):
    mark = '<span class="badge">came with Observatory</span></th>'
    Price.objects.filter(model="gemini-1.5-pro").delete()
    row = Price.objects.create(model="gemini-1.5-pro", input="0.125", output="0.375")
    assert mark in open_prices(admin_client, q="gemini-1.5-pro").content.decode()
    Price.objects.filter(pk=row.pk).update(input=1)
    assert mark not in open_prices(admin_client, q="gemini-1.5-pro").content.decode()


def test_a_star_holds_for_all_that_begin_so(admin_client, use):
    use([("openai", "gpt-4o"), ("openai", "gpt-4o-mini"), ("openai", "o4-mini")])
    page = admin_client.get(reverse("admin:interactions_price_preview"), {"model": "GPT-4o*"}).content.decode()
    assert "Holds for 2 models seen, 4 uses so far." in page


def test_a_price_of_a_thousand_tokens_is_doubted(admin_client, project):
    page = admin_client.get(reverse("admin:interactions_price_preview"), {"model": "gpt-4o", "input": "0.0025"})
    assert "1,000 times less than now" in page.content.decode()


@pytest.mark.parametrize(
    "typed", [{}, {"model": "*"}, {"model": "\x00"}, {"model": "m", "valid_from_0": "soon", "input": "NaN"}]
)
def test_a_preview_of_half_a_row_is_no_fault(admin_client, project, typed):
    assert admin_client.get(reverse("admin:interactions_price_preview"), typed).status_code == 200


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"model": "gpt*mini"}, "it goes to the end"),
        ({"model": "*"}, "would hide each gap"),
        ({"model": "m", "input": "-1"}, "0 or more"),
        ({"model": "m", "cached": "3"}, "no more than fresh ones"),
        ({"model": "gemini-1.5-pro", "valid_from_0": "2000-01-01"}, "already exists"),
        ({"model": "m", "output": ""}, "required"),
    ],
)
def test_what_cannot_be_a_price_is_refused(admin_client, project, typed, error):
    Price.objects.get_or_create(model="gemini-1.5-pro", valid_from=EVER, defaults={"input": 1})
    before = Price.objects.count()
    answer = admin_client.post(reverse("admin:interactions_price_add"), {**FORM, **typed})
    assert error in answer.content.decode()
    assert Price.objects.count() == before


def test_a_row_is_saved_and_fills_its_gap(admin_client, use, project):
    use([("self", "in-house-7b")])
    answer = admin_client.post(reverse("admin:interactions_price_add"), {**FORM, "model": "in-house*"}, follow=True)
    assert "2 traces without a cost are being priced" in answer.content.decode()
    digest_until_empty()
    assert not Interaction.objects.filter(cost_usd=None).exists()
    assert not PricingGap.objects.exists()


def test_an_empty_project_says_what_will_be_here(admin_client, project):
    page = open_prices(admin_client).content.decode()
    assert "No model was used yet" in page
    assert inline_code(page) == []


def test_hostile_names_are_escaped(admin_client, use):
    use([("<b>", "<script>alert(1)</script>")])
    page = open_prices(admin_client).content.decode()
    assert "<script>alert" not in page
    assert "<b>" not in page


def test_the_number_of_queries_does_not_grow(admin_client, use):
    counts = []
    for number in (3, 60):
        use([("self", f"model-{place}") for place in range(number)], times=1, first=number * 100_000)
        Price.objects.bulk_create(Price(model=f"row-{number}-{place}", input=1) for place in range(number))
        with CaptureQueriesContext(connection) as queries:
            assert open_prices(admin_client).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] < 40
