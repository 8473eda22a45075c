"""The board as a page: for members, in a constant number of queries, without inline code."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.pages import inline_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(admin_client, shop, monkeypatch):
    from tests.reports.cost.conftest import NOW

    monkeypatch.setattr(timezone, "now", lambda: NOW)

    def open_board():
        return admin_client.get(reverse("admin:reports_board_view"), {"name": "cost", "project": "shop", "range": "7d"})

    return open_board


def test_it_is_in_the_navigation(admin_client, shop):
    page = admin_client.get("/admin/", {"project": "shop"}).content.decode()
    assert "Cost and models" in page
    assert "name=cost" in page


def test_its_entry_is_the_current_one(opened):
    page = opened().content.decode()
    assert page.count('aria-current="page"') == 1


def test_models_of_hostile_names_are_escaped(spend, opened):
    spend(4, models={"<script>alert(1)</script>": {}}, hours=3)
    page = opened().content.decode()
    assert "<script>alert" not in page
    assert inline_code(page) == []


def test_the_number_of_queries_does_not_grow(spend, opened):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for models, users in ((1, 1), (30, 20)):
        spend(4, models={f"model-{number}": {} for number in range(models)}, users=users, hours=2)
        opened()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert opened().status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] < 90
