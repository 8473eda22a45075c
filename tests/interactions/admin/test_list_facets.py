"""Facets: what the list can be narrowed by, with numbers that say what they are of."""

import re

import pytest

from interactions.reading import facets, selection
from interactions.reading.facets import facets_of
from interactions.reading.filters import Filters, parse_filters
from interactions.reading.selection import Selection

LIST = "/admin/interactions/interaction/"


@pytest.fixture
def four(shop, send):
    send(
        shop,
        "interactions",
        {"query": "a", "model": "m1", "environment": "prod", "release": "r1", "latency_ms": 500, "tags": ["x", "y"]},
        {"query": "b", "model": "m1", "environment": "test", "release": "r1", "latency_ms": 1500, "category": "c1"},
        {"query": "c", "model": "m2", "environment": "prod", "release": "r2", "latency_ms": 9000, "prompt_name": "p"},
        {"query": "d", "model": "m2", "environment": "prod", "status": "error", "tags": ["x"], "cost_usd": "0.5"},
    )


def values(project, name, **parameters):
    found = facets_of(Selection(project.pk, parse_filters(parameters)))
    facet = next(facet for facet in found if facet.narrowing.name == name)
    return [(facet.narrowing.label(value), number) for value, number in facet.values]


def test_each_facet_counts_its_values(four, shop):
    assert values(shop, "model") == [("m1", 2), ("m2", 2)]
    assert values(shop, "environment") == [("prod", 3), ("test", 1)]
    assert values(shop, "status") == [("ok", 3), ("error", 1)]
    assert values(shop, "latency") == [("excellent", 1), ("good", 1), ("poor", 1)]
    assert values(shop, "tag") == [("x", 2), ("y", 1)]
    assert values(shop, "category") == [("c1", 1)]


def test_a_chosen_facet_still_shows_what_it_could_be_instead(four, shop):
    assert values(shop, "model", model="m1") == [("m1", 2), ("m2", 2)]
    assert values(shop, "environment", model="m1") == [("prod", 1), ("test", 1)]
    assert values(shop, "model", model="m1", environment="prod") == [("m1", 1), ("m2", 2)]
    assert values(shop, "latency", max_latency_ms="1000") == [("excellent", 1), ("good", 1), ("poor", 1)]
    assert values(shop, "latency", min_latency_ms="600")[0] == ("from 600 ms", 2)
    assert values(shop, "tag", status="error", tag="y") == [("y", 0), ("x", 1)]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"release": "r2"}, ["c"]),
        ({"prompt_name": "p"}, ["c"]),
        ({"category": "c1"}, ["b"]),
        ({"tag": "x"}, ["a", "d"]),
        ({"tag": "xy"}, []),
        ({"min_latency_ms": "1500"}, ["b", "c"]),
        ({"min_latency_ms": "500", "max_latency_ms": "1500"}, ["a"]),
        ({"min_cost_usd": "0.5"}, ["d"]),
        ({"max_cost_usd": "0.5"}, []),
        ({"tag": "' OR 1=1"}, []),
    ],
)
def test_each_filter_narrows(four, shop, parameters, expected):
    rows = Selection(shop.pk, parse_filters(parameters)).newest(["query_preview"], 10)[0]
    assert sorted(row.query_preview for row in rows) == expected


def test_a_prompt_is_a_name_with_its_version(shop, send, admin_client):
    for name, version in (("p", "1"), ("p", "1"), ("p", "2"), ("other", "1"), ("", "")):
        send(shop, "interactions", {"query": "q", "prompt_name": name, "prompt_version": version})
    assert values(shop, "prompt") == [("p · 1", 2), ("other · 1", 1), ("p · 2", 1)]
    assert values(shop, "prompt", prompt_name="p") == [("p", 3), *values(shop, "prompt")]
    assert values(shop, "status", prompt_name="p", prompt_version="1")[0] == ("ok", 2)
    assert "prompt_name=p&amp;prompt_version=2" in admin_client.get(LIST, {"project": "shop"}).content.decode()


def test_failures_are_told_apart_by_type_and_provider(shop, send):
    kinds = (("Timeout", "openai"), ("Timeout", "mistral"), ("RateLimit", "openai"))
    send(shop, "interactions", *({"query": "q", "error": {"type": one}, "provider": by} for one, by in kinds))
    assert values(shop, "error type", provider="openai") == [("RateLimit", 1), ("Timeout", 1)]
    assert values(shop, "provider", error_type="Timeout") == [("mistral", 1), ("openai", 1)]


def test_counts_say_whether_they_are_of_all(four, shop, monkeypatch):
    assert all(facet.is_exact for facet in facets_of(Selection(shop.pk, Filters())))
    monkeypatch.setattr(facets, "SAMPLE", 3)
    found = facets_of(Selection(shop.pk, Filters()))
    assert [(facet.is_exact, facet.among) for facet in found] == [(False, 3)] * len(found)


def test_a_look_ends_somewhere_and_the_next_page_goes_on(shop, send, moment, admin_client, monkeypatch):
    monkeypatch.setattr(selection, "REACH", 10)
    rows = ({"query": f"q{n}", "asked_at": moment(n), "model": "rare" if n in {12, 25} else "m"} for n in range(31))
    send(shop, "interactions", *rows)
    url, texts = f"{LIST}?project=shop&model=rare", []
    while url:
        texts.append(admin_client.get(url).content.decode())
        older = re.search(r'href="(\?[^"]*cursor=[^"]*)"[^>]*>(?:Older|Look further back)', texts[-1])
        url = older and LIST + older.group(1).replace("&amp;", "&")
    assert [re.findall(r">(q\d+)<", text) for text in texts] == [[], ["q12"], ["q25"], []]
    assert "Nothing found back to" in texts[0]
    assert "Looked back to" in texts[1]


def test_other_values_are_looked_for_no_further_than_a_look_goes(shop, send, moment, monkeypatch):
    monkeypatch.setattr(selection, "REACH", 10)
    rows = ({"query": "q", "asked_at": moment(n), "status": "ok" if n % 10 else "error"} for n in range(31))
    send(shop, "interactions", *rows)
    status = facets_of(Selection(shop.pk, parse_filters({"status": "error"})))[0]
    assert (status.values, status.among, status.is_exact) == ([(("error",), 1), (("ok",), 9)], 10, False)


def test_facets_link_to_the_list_with_and_without_the_value(four, admin_client):
    text = admin_client.get(LIST, {"project": "shop", "model": "m1", "q": "a"}).content.decode()
    assert 'href="?project=shop&amp;q=a" aria-current="true" title="Remove this filter"' in text
    assert "min_latency_ms=5000" in admin_client.get(LIST, {"project": "shop"}).content.decode()


@pytest.mark.parametrize("name", ["min_latency_ms", "max_latency_ms", "min_cost_usd", "max_cost_usd"])
@pytest.mark.parametrize("value", ["-1", "nan", "inf", "1e300", "x", "1,5", "\x00", "9" * 40, "١٢x"])
def test_an_amount_that_is_none_is_named(four, admin_client, name, value):
    assert 'role="alert"' in admin_client.get(LIST, {"project": "shop", name: value}).content.decode()
