"""CSV of the list: the same rows, all of them, and nothing that a table program would run."""

import csv
import io

import pytest
from django.contrib.auth.models import User

from interactions.admin import csv_file
from observatory.projects.models import Membership

CSV = "/admin/interactions/interaction/csv/"


def rows(client, **query):
    answer = client.get(CSV, query)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_all_pages_of_the_filtered_list_are_in_the_file(admin_client, shop, send, moment, monkeypatch):
    monkeypatch.setattr(csv_file, "ROWS_A_PAGE", 7)
    kinds = ("good", "bad")
    send(shop, "interactions", *({"query": f"q{n}", "category": kinds[n % 2], "asked_at": moment(n)} for n in range(40)))
    assert [row["query_preview"] for row in rows(admin_client, project="shop")] == [f"q{n}" for n in range(40)]
    assert len(rows(admin_client, project="shop", category="bad", range="1h")) == 20
    monkeypatch.setattr(csv_file, "MOST_ROWS", 10)
    assert len(rows(admin_client, project="shop")) == 10


def test_what_the_list_hides_as_dated_ahead_is_not_in_the_file_unless_asked_for(admin_client, shop, send, moment):
    send(shop, "interactions", {"query": "tomorrow", "asked_at": moment(-86_400)}, {"query": "today", "asked_at": moment(5)})
    assert [row["query_preview"] for row in rows(admin_client, project="shop")] == ["today"]
    assert [row["query_preview"] for row in rows(admin_client, project="shop", since=moment(-3_600))] == ["tomorrow"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " ="])
def test_no_cell_begins_as_a_formula(admin_client, shop, send, start):
    hostile = f"{start}HYPERLINK(1)"
    fields = ("query", "answer", "model", "category", "user_id", "session_id", "environment", "release", "error_type")
    send(shop, "interactions", {**dict.fromkeys(fields, hostile), "tags": [hostile], "status": "error"})
    (row,) = rows(admin_client, project="shop")
    assert not [value for value in row.values() if value.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert row["query_preview"].startswith("'")


def test_numbers_stay_numbers(admin_client, shop, send):
    send(shop, "interactions", {"query": "q", "latency_ms": 12.5, "cost_usd": "0.001", "input_tokens": 3})
    (row,) = rows(admin_client, project="shop")
    assert (float(row["latency_ms"]), float(row["cost_usd"]), row["input_tokens"]) == (12.5, 0.001, "3")


def test_a_filter_that_cannot_be_understood_is_refused(admin_client, shop):
    answer = admin_client.get(CSV, {"project": "shop", "since": "yesterday"})
    assert (answer.status_code, answer.content[:6]) == (400, b"since:")


def test_a_member_gets_the_own_project_only(client, shop, bank):
    user = User.objects.create_user("mia", is_staff=True)
    Membership.objects.create(project=shop, user=user, role="viewer")
    client.force_login(user)
    assert client.get(CSV, {"project": "shop"}).status_code == 200
    foreign, unknown = (client.get(CSV, {"project": slug}) for slug in ("bank", "nowhere"))
    assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
    assert foreign.status_code == 404
