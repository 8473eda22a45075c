"""From one interaction to the next of the list that it was opened from."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.models import Interaction
from interactions.reading.neighbours import NEAR

LIST = "/admin/interactions/interaction/"


@pytest.fixture
def three(shop, send, moment):
    """Three interactions of one model and one of another in between, the newest first."""
    models = ("a", "a", "b", "a")
    send(shop, "interactions", *({"query": f"q{n}", "model": m, "asked_at": moment(n * 10)} for n, m in enumerate(models)))
    return list(Interaction.objects.newest_first().values_list("id", flat=True))


def steps(client, pk, **query):
    context = client.get(f"{LIST}{pk}/change/", {"project": "shop", **query}).context
    return [_key(context[name]) for name in ("newer_url", "older_url")]


def _key(url):
    return url and int(urlsplit(url).path.split("/")[-3])


def test_without_a_list_the_neighbours_are_those_of_the_project(admin_client, three):
    assert steps(admin_client, three[1]) == [three[0], three[2]]
    assert steps(admin_client, three[0]) == [None, three[1]]
    assert steps(admin_client, three[3]) == [three[2], None]


@pytest.mark.parametrize("query", ["model=a", "model=a&range=24h", "q=q1"])
def test_the_filters_of_the_list_are_kept_on_the_way(admin_client, three, query):
    expected = [None, None] if query == "q=q1" else [three[0], three[3]]
    assert steps(admin_client, three[1], **{"in": query}) == expected
    context = admin_client.get(f"{LIST}{three[1]}/change/", {"project": "shop", "in": query}).context
    if context["older_url"]:
        assert parse_qs(urlsplit(context["older_url"]).query)["in"] == [query]
    assert context["list_url"].endswith(query)


@pytest.mark.parametrize("query", ["since=never", "status=x", "model=%00", "&&&==", "x" * 9_000])
def test_a_list_that_makes_no_sense_is_the_whole_one(admin_client, three, query):
    assert steps(admin_client, three[1], **{"in": query}) == [three[0], three[2]]


def test_neighbours_of_another_project_are_not_reached(admin_client, three, bank, send, moment):
    send(bank, "interactions", {"query": "secret", "asked_at": moment(5)})
    assert steps(admin_client, three[1]) == [three[0], three[2]]


def test_equal_times_are_walked_once_each(admin_client, shop, send, moment):
    at = moment(5)
    send(shop, "interactions", *({"query": f"q{n}", "asked_at": at} for n in range(4)))
    keys = list(Interaction.objects.newest_first().values_list("id", flat=True))
    seen, key = [], keys[0]
    while key:
        seen.append(key)
        key = steps(admin_client, key)[1]
    assert seen == keys


def test_the_page_asks_as_often_with_three_spans_as_with_300(admin_client, shop, send):
    counts = []
    for trace, number in (("a" * 32, 3), ("b" * 32, 300)):
        spans = (
            {"trace_id": trace, "span_id": f"{n + 1:016x}", "name": f"n{n}", "kind": "tool", "duration_ms": 1}
            for n in range(number)
        )
        send(shop, "spans", *spans)
    for trace in ("a" * 32, "b" * 32):
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get(f"{LIST}trace/", {"project": "shop", "id": trace}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_neighbour_is_found_beyond_those_that_are_next(admin_client, shop, send, moment):
    others = ({"query": "q", "model": "b", "asked_at": moment(n + 2)} for n in range(NEAR + 5))
    send(shop, "interactions", *({"query": "q", "model": "a", "asked_at": moment(n)} for n in (1, NEAR + 10)), *others)
    last, first = Interaction.objects.filter(model="a").newest_first().values_list("id", flat=True)
    assert steps(admin_client, last, **{"in": "model=a"}) == [None, first]
    assert steps(admin_client, first, **{"in": "model=a"}) == [last, None]
