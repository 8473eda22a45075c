"""How many interactions the list has: exact where that is known at once, else said to be less than that."""

import re

import pytest
from django.utils import timezone

from interactions.reading import facets
from observatory.metrics.rollup.run import roll_up

LIST = "/admin/interactions/interaction/"


@pytest.fixture
def hundred(shop, send, moment, monkeypatch):
    """A hundred, of which the three oldest failed, where no more than ten are counted at once."""
    monkeypatch.setattr(facets, "SAMPLE", 10)
    rows = ({"query": "q", "model": "m", "asked_at": moment(n), "status": "error" if n > 96 else "ok"} for n in range(100))
    send(shop, "interactions", *rows)
    roll_up(now=timezone.now())


def head(client, **query):
    text = client.get(LIST, {"project": "shop", **query}).content.decode()
    return text, " ".join(re.sub("<[^>]*>", "", text[text.index("strip-head") :].partition("UTC")[0]).split())


def test_old_failures_are_counted_and_lead_to_their_list(hundred, admin_client):
    text, words = head(admin_client)
    assert "100 interactions, 3 failed" in words
    assert re.search(r'>error</bdi><span class="facet-count">3<', text)
    assert "Counts of all in the columns above; below, of the newest" in text
    url = re.search(r'class="worse" href="([^"]*)"', text).group(1).replace("&amp;", "&")
    failed = admin_client.get(LIST + url).content.decode()
    assert failed.count('class="cover"') == 3
    assert "3 interactions" in head(admin_client, status="error")[1]


def test_what_the_columns_do_not_know_is_a_least_number(hundred, admin_client):
    text, words = head(admin_client, q="q")
    assert "at least 10 interactions, look for failed ones" in words
    assert "Counts of the newest 10 that pass." in text


def test_a_short_list_is_counted_exactly_before_the_columns_know_it(shop, send, admin_client):
    send(shop, "interactions", {"query": "a"}, {"query": "b", "status": "error"})
    assert "2 interactions, 1 failed" in head(admin_client)[1]
    assert "1 interaction, 1 failed" in head(admin_client, q="b")[1]
