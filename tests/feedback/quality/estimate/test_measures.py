"""What each measure of the lexical estimate says, and where it says nothing."""

import pytest

from feedback.quality.estimate.evaluator import MEASURES
from feedback.quality.estimate.prepared import prepare

AMAZON = "The Amazon is a river in South America. It is 6,400 km long and has more than 1,100 tributaries."
NILE = "The Nile flows through Egypt into the Mediterranean Sea."
QUESTION = "How long is the Amazon?"


def measure(name, answer, *, question=QUESTION, passages=(AMAZON, NILE), reference="", names=()):
    return MEASURES[name](prepare(question, answer, passages, reference, names))


def value(name, answer, **fields):
    return measure(name, answer, **fields).value


def words_of(found):
    return [finding.text for finding in found.findings]


@pytest.mark.parametrize("name", ["accuracy", "groundedness"])
def test_what_stands_in_the_sources_is_above_what_is_made_up(name):
    copied = value(name, "The Amazon is 6,400 km long.")
    mixed = value(name, "The Amazon is 6,400 km long. It was dug by beavers in ancient times.")
    made_up = value(name, "Beavers dug this marvel in ancient times, they say.")
    assert copied > 0.7 > mixed > made_up
    assert made_up < 0.2


def test_a_number_that_no_source_has_is_found_with_its_place_and_costs_accuracy():
    answer = "The Amazon is 9,400 km long [1]."
    found = measure("accuracy", answer)
    assert words_of(found) == ["9,400 is not in the sources"]
    assert answer[found.findings[0].start : found.findings[0].end] == "9,400"
    assert found.value < value("accuracy", "The Amazon is 6,400 km long [1].") - 0.1


@pytest.mark.parametrize(
    "answer", ["It is 6400 km long.", "1. It is 6,400.0 km long", "It has 1.100 tributaries.", "In short: 6 400"]
)
def test_a_number_is_the_same_however_it_is_written(answer):
    assert "6,400 is not in the sources" not in words_of(measure("accuracy", answer))
    assert [one for one in words_of(measure("accuracy", answer)) if "1.100" in one or "6400" in one] == []


def test_a_number_in_words_and_one_of_the_question_are_known():
    assert words_of(measure("accuracy", "It has 2 banks.", passages=["The river has two banks."])) == []
    assert (
        words_of(measure("accuracy", "Since 1999 it is long.", question="Was it long in 1999?", passages=["It is long."]))
        == []
    )


def test_a_name_that_no_source_has_is_found():
    assert words_of(measure("accuracy", "The river in South America is the Congo.")) == ["Congo is not in the sources"]


def test_a_denial_of_what_a_source_says_is_found_but_no_swapped_role():
    denied = measure("accuracy", "The Amazon is not a river in South America.")
    assert "with a negation" in "".join(words_of(denied)) or "without a negation" in "".join(words_of(denied))
    # As docs/explanation/quality.md says: words alone do not tell who did what to whom.
    swapped = value("accuracy", "Bob paid Anna.", passages=["Anna paid Bob."])
    assert swapped > 0.6


def test_without_sources_truth_is_not_measured():
    for name in ("accuracy", "groundedness"):
        found = measure(name, "The Amazon is 6,400 km long.", passages=())
        assert (found.value, found.reason) == (None, "there are no sources to compare with")


def test_half_an_answer_is_less_complete_than_a_whole_one():
    question = "What is the capital of France, and which river flows through Berlin?"
    whole = value(
        "completeness",
        "The capital of France is Paris. The river Spree flows through Berlin.",
        question=question,
        passages=(),
    )
    half = measure("completeness", "The capital of France is Paris.", question=question, passages=())
    assert whole > 0.9 > 0.7 > half.value
    assert words_of(half) == ['"which river flows through Berlin" is hardly taken up']


def test_a_question_for_a_number_wants_one():
    assert value("completeness", "The Amazon is long.", passages=()) < value(
        "completeness", "The Amazon: 6,400 km.", passages=()
    )


def test_a_short_answer_out_of_the_right_source_is_complete_and_relevant():
    for name in ("completeness", "relevance"):
        assert value(name, "6,400 km long", question="How long is it, the river with 1,100 tributaries?") > 0.5


def test_against_a_reference_completeness_is_how_much_of_it_is_said():
    assert value("completeness", "Paris.", reference="Paris, since 987") == 0.5


def test_an_answer_about_something_else_is_not_relevant():
    asked = "Why do cats purr while somebody strokes their back?"
    assert value("relevance", "Cats purr while their back is stroked, being content.", question=asked, passages=()) > 0.9
    assert value("relevance", "The stock market closed higher today.", question=asked, passages=()) < 0.3


def test_of_a_question_of_few_words_little_is_known():
    found = [
        value("relevance", "Put one fist on the other.", question=asked, passages=())
        for asked in ("Coffee?", "How do I sign coffee in the morning at work?")
    ]
    assert 0.5 < found[0] < 0.6
    assert found[1] < 0.35


def test_where_an_answer_is_from_is_no_claim_of_it():
    bare = value("accuracy", "The Amazon is 6,400 km long.")
    for line in (
        " [1] Source: SEC-021 Rivers.md",
        "\nMore: docs/rivers.md",
        "\n\nQuellen: Fluss.pdf",
        " [1, 2]",
        "\nhttps://example.org/rivers",
    ):
        assert value("accuracy", f"The Amazon is 6,400 km long.{line}") == bare
    told = "The Amazon is 6,400 km long. This is explained in the Handbook of rivers, section 2."
    assert value("accuracy", told, names=[("Handbook of rivers",), ()]) == bare
    assert value("accuracy", told) < bare
    assert measure("relevance", "Hello there, friend", question="?!").value is None


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("The museum opens on Sunday. The museum does not open on Sunday.", "one denies it"),
        ("The tower is 300 m high. The tower is 324 m high.", "they give different numbers"),
        ("The museum is always open. The museum is never open.", "they say opposite things"),
    ],
)
def test_contradictions_inside_an_answer_are_found(answer, why):
    found = measure("consistency", answer)
    assert found.value == 0.5
    assert why in words_of(found)[0] or "one denies it" in words_of(found)[0]


def test_different_statements_are_no_contradiction_and_one_sentence_says_nothing():
    assert value("consistency", "The tower is 300 m high. The bridge is 40 m long. It was not painted.") == 1.0
    assert value("consistency", "Plan 1 costs 5 dollars. Plan 2 costs 10 dollars.") == 1.0
    assert measure("consistency", "The tower is 300 m high.").value is None


def test_citations_hold_where_the_passage_exists_and_shares_words():
    assert value("citations", "The Amazon is 6,400 km long [1]. The Nile flows through Egypt [2].") == 1.0
    wrong = measure("citations", "The Amazon is 6,400 km long [2]. The Nile flows through Egypt [7].")
    assert wrong.value == 0.0
    assert words_of(wrong) == ["[2] shares hardly a word with what it is cited for", "[7] names no source that there is"]
    named = "The Nile flows through Egypt (source: nile.txt). It is wet (source: other.txt)."
    assert value("citations", named, names=(("amazon.txt",), ("docs/nile.txt",))) == 0.5
    assert measure("citations", "No citation at all.").value is None
    assert value("citations", "It is so [1].", passages=()) == 0.0


def test_refusals_are_told_from_answers():
    refusing = (
        "I'm sorry, but I cannot help with that.", "As an AI language model, I do not have feelings.",
        "The provided context does not contain this.", "Das weiß ich leider nicht.", "Lo siento, no puedo ayudar.",
    )  # fmt: skip
    assert [value("refusal", answer) for answer in refusing] == [0.0] * 5
    assert value("refusal", "You cannot park there on Sundays.") == 1.0
    assert value("refusal", "I'm sorry to hear that. " + " ".join(f"word{number} step" for number in range(80))) == 1.0


def test_repetition_is_what_stood_there_before():
    once = "One two three four five six seven eight nine ten."
    assert value("repetition", once) == 1.0
    again = measure("repetition", "The bank is open today. " * 6)
    assert again.value < 0.3
    assert "times" in words_of(again)[0]
    assert measure("repetition", "Yes.").value is None


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        (
            "What is the capital of France and why is it so?",
            "Die Hauptstadt von Frankreich ist Paris, und das ist sie schon lange.",
            0,
        ),
        ("What is the capital of France and why is it so?", "It is Paris, as it has been for a long time in the past.", 1),
        ("Какая столица Франции сейчас?", "Столица Франции — Париж, город на Сене.", 1),
        ("日本の首都はどこですか、教えてください。", "The capital of Japan is Tokyo, as it has been for a long time.", 0),
        ("中国的首都是哪里?请告诉我答案。", "日本の首都は東京です。とても大きい町です。", 0),
        ("hi", "Hello, how are you, and what can I do for you today?", None),
    ],
)
def test_languages_are_compared_where_both_can_be_told(question, answer, expected):
    assert value("language", answer, question=question) == expected


@pytest.mark.parametrize(
    ("passage", "good", "bad"),
    [
        ("Der Amazonas ist ein Fluss in Südamerika.", "Der Amazonas ist ein Fluss.", "Biber bauten einst gewaltige Burgen."),
        ("アマゾン川は南アメリカを流れる川です。", "アマゾン川は南アメリカを流れます。", "東京は日本の首都であります。"),
        ("Амазонка — река в Южной Америке.", "Амазонка — река в Америке.", "Бобры построили высокие замки."),
        ("अमेज़न दक्षिण अमेरिका की एक नदी है।", "अमेज़न एक नदी है।", "दिल्ली भारत की राजधानी है।"),
        ("نهر الأمازون في أمريكا الجنوبية", "الأمازون في أمريكا الجنوبية", "القاهرة عاصمة مصر"),
    ],
)
def test_other_languages_are_compared_as_well(passage, good, bad):
    assert value("accuracy", good, passages=[passage]) > value("accuracy", bad, passages=[passage]) + 0.3


def test_a_finding_quotes_the_answer_as_it_was_written():
    found = measure("groundedness", "Beavers dug this marvel [1].")
    assert words_of(found) == ['"Beavers dug this marvel [1].": hardly a word of it is in the sources']
