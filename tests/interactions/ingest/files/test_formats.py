"""Each known file becomes interactions with what it really has, and nothing else."""

import json

import pytest

from interactions.models import Interaction
from interactions.payloads.read import contents_of

HALUEVAL = json.dumps(
    {
        "ID": "7",
        "user_query": "Who wrote it?",
        "chatgpt_response": "Ada",
        "hallucination": "yes",
        "hallucination_spans": ["Ada"],
    }
)
BEGIN = (
    "model_name\tdata_source\tknowledge\tmessage\tresponse\tbegin_label\r\n"
    't5\twow\tThe film "Bring It On", 2000.\tI like it\tIt is of 2000\tFully attributable\r\n'
)
AZURE = "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44"


def texts_of(interaction: Interaction) -> dict:
    return contents_of([interaction.payload_id])[interaction.payload_id][interaction.interaction_id.hex]


def test_halueval_keeps_question_answer_and_verdict(run):
    run("halueval.jsonl", HALUEVAL)
    found = Interaction.objects.get()
    assert (found.query_preview, found.answer_preview, found.model) == ("Who wrote it?", "Ada", "chatgpt")
    assert found.tags == ["halueval", "hallucination:yes"]
    assert texts_of(found)["metadata"]["hallucination_spans"] == ["Ada"]
    assert (found.input_tokens, found.cost_usd) == (None, None)


def test_begin_keeps_passage_model_and_verdict(run):
    run("begin.tsv", BEGIN)
    found = Interaction.objects.get()
    assert (found.query_preview, found.model, found.arm, found.category) == ("I like it", "t5", "t5", "wow")
    assert texts_of(found)["passages"] == [{"text": 'The film "Bring It On", 2000.', "source": "wow"}]
    assert texts_of(found)["metadata"]["begin_label"] == "Fully attributable"


def test_azure_keeps_times_and_tokens(run):
    run("azure.csv", AZURE)
    found = Interaction.objects.get()
    assert found.asked_at.isoformat() == "2023-11-16T18:15:46.680590+00:00"
    assert (found.input_tokens, found.output_tokens, found.model, found.cost_usd) == (374, 44, "", None)


def test_native_table_has_its_types_and_texts_over_several_lines(run):
    run(
        "own.csv",
        "query,answer,input_tokens,confidence,tags,passages,asked_at,team\n"
        '"Why, so?","Because\nof ""this"".",12,0.5,a;b,"[{""text"": ""p"", ""score"": 0.9}]",2026-01-02T03:04:05Z,red\n',
    )
    found = Interaction.objects.get()
    assert (found.input_tokens, found.confidence, found.tags) == (12, 0.5, ["a", "b"])
    assert found.asked_at.isoformat() == "2026-01-02T03:04:05+00:00"
    texts = texts_of(found)
    assert texts["answer"] == 'Because\nof "this".'
    assert texts["passages"] == [{"text": "p", "score": 0.9}]
    assert texts["attributes"] == {"team": "red"}


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", HALUEVAL, "(halueval)"),
        ("b.csv", BEGIN, "(begin)"),
        ("c.data", AZURE, "(azure)"),
        ("d.jsonl", '{"query": "hi"}', "(native)"),
        ("halueval.jsonl", "broken\n" + HALUEVAL, "(halueval)"),
    ],
)
def test_format_is_told_from_the_columns(run, name, content, expected):
    assert expected in run(name, content)
