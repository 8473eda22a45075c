"""A line that is cut shows what was looked for."""

import pytest

from interactions.admin.highlight import SEEN, from_hit, highlighter

FILLER = "word " * 30


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the capital of France", "the capital of France"),
        (f"{FILLER}is a capital of Peru", "…word is a capital of Peru"),
        (f"{'x' * 100} capital", f"…{'x' * 13} capital"),
        (f"{'x' * 100}-capital", f"…{'x' * 13}-capital"),
        (f"{FILLER}", FILLER),
        ("", ""),
    ],
)
def test_a_text_begins_shortly_before_its_first_hit(text, shown):
    pieces = from_hit(highlighter("capital")(text))
    assert "".join(piece for piece, _ in pieces) == shown


def test_a_hit_that_a_line_shows_leaves_the_text_whole():
    text = "x" * (SEEN - 8) + " capital " + FILLER + "capital"
    assert "".join(piece for piece, _ in from_hit(highlighter("capital")(text))) == text


def test_without_words_the_text_is_whole():
    assert from_hit(highlighter("")(FILLER)) == [(FILLER, False)]


def test_the_list_shows_the_hit(admin_client, shop, send):
    send(shop, "interactions", {"query": f"{FILLER}in the capital of France", "answer": f"{FILLER}no"})
    text = admin_client.get("/admin/interactions/interaction/", {"project": "shop", "q": "capital"}).content.decode()
    assert "…word in the <mark>capital</mark> of France" in text
    assert "further down" not in text
