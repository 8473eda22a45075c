"""Words are found alike on both stores, in any script, and only those of the own project."""

import pytest

from interactions import search
from interactions.reading import selection
from interactions.reading.filters import Filters
from interactions.reading.pages import page_of
from interactions.reading.selection import Selection

pytestmark = pytest.mark.django_db
FIELDS = ("id", "asked_at", "query_preview")


@pytest.fixture(params=["index", "look"])
def way(request, monkeypatch):
    """Rare words are asked of the index; words of a short list are looked for in the rows."""
    if request.param == "index":
        monkeypatch.setattr(selection, "SAMPLE_WORDS", 1)
        monkeypatch.setattr(selection, "COMMON", 1_000)
    return request.param


def found(project, q, **filters):
    rows = page_of(Selection(project.pk, Filters(q=q, **filters)), fields=FIELDS).rows
    return sorted(row.query_preview for row in rows)


TEXTS = (
    "東京タワーの高さは何メートルですか",
    "我想退货怎么办",
    "Where is my REFUND for order 12345?",
    "refunds take 3 days",
    "Straße über",
    "a_b c",
)


@pytest.fixture
def texts(shop, send):
    send(shop, "interactions", *({"query": text} for text in TEXTS))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("タワー", [0]),
        ("高さ", [0]),
        ("東京タワーの高さ", [0]),
        ("か", [0]),
        ("京", [0]),
        ("京東", []),
        ("退货", [1]),
        ("办", [1]),
        ("退货 怎么", [1]),
        ("refund", [2, 3]),
        ("refund order", [2]),
        ("order refund", [2]),
        ("refunds", [3]),
        ("re", []),
        ("1234", [2]),
        ("STRASSE", []),
        ("straße", [4]),
        ("ÜBER", [4]),
        ("b c", [5]),
        ("a_b", [5]),
        ("' OR 1=1 --", []),
        ("%", []),
        ('"refund', [2, 3]),
        ("refund* NEAR(x)", []),
    ],
)
def test_words_are_found(texts, shop, way, query, expected):
    assert found(shop, query) == sorted(TEXTS[place] for place in expected)


def test_words_of_another_project_are_not_found(texts, bank, send, shop, way):
    send(bank, "interactions", {"query": "the refund of the bank"}, {"query": "more"})
    assert found(bank, "refund") == ["the refund of the bank"]
    assert len(found(shop, "refund")) == 2


def test_filters_narrow_what_words_find(shop, send, way):
    send(shop, "interactions", {"query": "one red", "model": "m1"}, {"query": "two red", "model": "m2", "status": "error"})
    assert found(shop, "red", model="m1") == ["one red"]
    assert found(shop, "red", status="error") == ["two red"]


def test_a_word_that_too_many_have_is_looked_for(shop, send, way, monkeypatch):
    monkeypatch.setattr(search, "FEW", 3)
    send(shop, "interactions", *({"query": f"red {number}"} for number in range(8)))
    assert len(found(shop, "red")) == 8
    assert found(shop, "red 7") == ["red 7"]


def test_pages_of_a_search_show_every_row_once(shop, send, moment, way):
    send(shop, "interactions", *({"query": f"red {number}", "asked_at": moment(number)} for number in range(25)))
    chosen, seen, cursor = Selection(shop.pk, Filters(q="red")), [], ""
    while cursor is not None:
        page = page_of(chosen, fields=FIELDS, cursor=cursor, limit=10)
        seen += [row.query_preview for row in page.rows]
        back, cursor = page.newer, page.older
    assert seen == [f"red {number}" for number in range(25)]
    rows = page_of(chosen, fields=FIELDS, cursor=back, limit=10).rows
    assert [row.query_preview for row in rows] == [f"red {number}" for number in range(10, 20)]
