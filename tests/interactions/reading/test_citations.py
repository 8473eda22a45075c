"""Sentences of an answer and the passages that have their words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interactions.reading.citations import find_claims, sentences

PASSAGES = ["Berlin is a city on the Spree.", "The capital of France is Paris, on the Seine."]


def places(answer, passages=PASSAGES, names=()):
    return [[source.place for source in claim.sources] for claim in find_claims(answer, passages, names)]


def test_a_sentence_finds_the_passage_that_has_its_words():
    assert places("Paris is the capital of France. It rains cats and dogs.") == [[1], []]


def test_a_word_counts_by_its_beginning_and_common_words_do_not_count():
    assert places("The accounting of winters!", ["A winter in accounts."]) == [[0]]
    assert places("It was about the fox.", ["It was about the dog."]) == [[]]


@pytest.mark.parametrize("mark", ["[1]", "[ 1 ]", "[^1]", "【1†source】", "[2; 1]", "[DOC-a]"])
def test_a_mark_cites_its_passage_whatever_the_words(mark):
    claims = find_claims(f"Nothing of this is there. {mark} Next one.", PASSAGES, [["doc-a"], ["doc-b"]])
    assert next(source.is_cited for source in claims[0].sources if source.place == 0)
    assert not claims[1].sources


def test_a_mark_beyond_the_passages_cites_nothing():
    assert places("Nothing of this is there [3] [0] [x] [99999999].") == [[]]


def test_a_sentence_without_telling_words_is_not_looked_up():
    assert [claim.is_checked for claim in find_claims("So it is. Berlin!", PASSAGES)] == [False, True]


def test_abbreviations_decimals_and_initials_end_no_sentence():
    text = "Mr. John F. Kennedy, e.g. paid 3.5 dollars. Then he left!\nA line\n"
    assert [one.strip() for one in sentences(text)] == [
        "Mr. John F. Kennedy, e.g. paid 3.5 dollars.", "Then he left!", "A line",
    ]  # fmt: skip


def test_scripts_without_spaces_are_compared_by_pairs_of_signs():
    assert places("東京は日本の首都です。猫が好き。", ["首都の話。東京は日本の首都である。"]) == [[0], []]


@given(st.text(alphabet=st.sampled_from("aB1 .!?…\n[]【】。,-\"'é日\x00"), max_size=80))
def test_no_character_is_lost(text):
    assert "".join(sentences(text)) == text


def test_a_long_run_of_stops_takes_no_time():
    assert len(list(sentences("." * 20_000 + "a" + "[" * 20_000))) <= 2
