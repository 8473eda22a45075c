"""The training export: what is in it, the same bytes again, its card, and who gets it."""

import hashlib
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from feedback.models import Score, Source, State
from feedback.training import buffer
from feedback.training.buffer import measure, training_buffer
from tests.feedback.opinions.conftest import answers, say

__all__ = ["answers", "say"]
PATH = "/api/v1/training/export"
HOSTILE = "`</script>|=cmd()\u2028\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")


@pytest.fixture
def said(say):
    say("q0", Source.USER, "rating", value=2, comment=HOSTILE, user_id="rater", label="facts")
    say("q0", Source.USER, "rating", value=3, user_id="other", parts={"thumbs": 0.0})
    say("q0", Source.SIGNAL, "signal.skip", value=0)
    say("q1", Source.REVIEWER, "review", value=0.75, is_passed=True, author="ann", parts={"right": 1})
    say("q2", Source.USER, "rating", parts={"thumbs": 1.0})
    say("q2", Source.JUDGE, "deepeval.faithfulness", value=0.8, is_passed=True, threshold=0.8, version="4.3.1 · j")
    say("q2", Source.ESTIMATE, "estimate", value=0.9, parts={"accuracy": None}, version="1")
    say("q3", Source.ESTIMATE, "estimate", value=0.9)
    say("q4", Source.USER, "rating", comment="only words")
    say("q5", Source.REVIEWER, "review", state=State.NOT_SCORABLE)


@pytest.fixture
def export(project, tmp_path):
    def export(name="train.jsonl", **options):
        call_command(
            "export_training", project.slug, to=str(tmp_path / name), verbosity=0, stdout=_Deaf(), stderr=_Deaf(), **options
        )
        return (tmp_path / name).read_bytes(), json.loads((tmp_path / f"{name}.card.json").read_text())

    return export


class _Deaf:
    def write(self, text):
        pass


def rows(content):
    return [json.loads(line) for line in content.splitlines()]


def test_the_buffer_is_what_people_judged_and_the_export_has_exactly_that(project, said, export):
    content, card = export()
    assert [row["question"] for row in rows(content)] == ["q0", "q1", "q2"]
    assert set(training_buffer(project.pk).values_list("query_preview", flat=True)) == {"q0", "q1", "q2"}
    found = measure(project.pk)
    assert (found.size, found.rated, found.quality, card["rows"]) == (3, 2, (2.5 - 1) / 4, 3)


def test_a_row_has_texts_and_the_labels_of_each_source_apart(said, export):
    first, second, third = rows(export(with_signals=True)[0])
    assert (first["answer"], first["passages"], first["model"]) == ("a0", ["Passage."], "m")
    assert (first["rating"], first["ratings"], first["thumbs_down"], first["comments"]) == (2.5, 2, 1, [HOSTILE])
    assert (first["signals"], first["review"]) == ({"skip": 1}, None)
    assert second["review"] | {"verdicts": 0} == {"value": 0.75, "reviews": 1, "passed": 1, "verdicts": 0, "comments": []}
    assert third["rating"] is None
    assert third["scores"]["judge"]["deepeval.faithfulness"]["value"] == 0.8
    assert third["scores"]["estimate"]["estimate"]["version"] == "1"


def test_the_same_data_give_the_same_bytes_and_the_card_their_hash(said, export, tmp_path, monkeypatch):
    content, card = export()
    assert export("again.jsonl")[0] == content
    with monkeypatch.context() as many:
        many.setattr(buffer, "FEW", 0)
        assert export("many.jsonl")[0] == content
    assert (card["sha256"], card["bytes"]) == (hashlib.sha256(content).hexdigest(), len(content))
    assert card["rows_by"]["label"] == {
        "user: rating": 1, "user: thumb": 2, "user: comment": 1, "reviewer: review": 1,
        "judge: deepeval.faithfulness": 1, "estimate: estimate": 1,
    }  # fmt: skip
    assert card["versions"]["judge: deepeval.faithfulness"] == {"4.3.1 · j": 1}
    words = (tmp_path / "train.jsonl.card.md").read_text()
    assert f"SHA-256 `{card['sha256']}`" in words
    assert "must not be averaged" in words


@pytest.mark.parametrize(
    "options, questions",
    [
        ({"min_rating": "2.5"}, ["q0"]),
        ({"min_rating": "2.51"}, []),
        ({"max_rating": "2.5"}, ["q0"]),
        ({"reviewed": True}, ["q1"]),
        ({"judged_min": "deepeval.faithfulness=0.8"}, ["q2"]),
        ({"judged_min": "deepeval.faithfulness=0.81"}, []),
        ({"judged_min": "estimate=0.1"}, []),
        ({"since": "2026-03-01T10:01:00Z", "until": "2026-03-01T10:02:00Z"}, ["q1"]),
    ],
)
def test_filters_are_exact_at_their_edges(said, export, options, questions):
    assert [row["question"] for row in rows(export(**options)[0])] == questions


def test_people_are_left_out_unless_they_are_asked_for(said, export):
    content = export()[0]
    assert b"rater" not in content
    assert b"ann" not in content
    assert not {"user_id", "session_id"} & set(rows(content)[0])
    assert rows(export(with_people=True)[0])[0]["user_id"] == "u"


def test_parquet_has_the_same_rows(said, export):
    import io

    import pyarrow.parquet as pq

    content, card = export("train.parquet", with_signals=True)
    assert export("again.parquet", with_signals=True)[0] == content
    table = pq.read_table(io.BytesIO(content)).to_pylist()
    assert [row["question"] for row in table] == ["q0", "q1", "q2"]
    assert (table[0]["passages"], table[0]["rating"], table[0]["user_id"]) == (["Passage."], 2.5, None)
    assert json.loads(table[2]["scores"])["judge"]["deepeval.faithfulness"]["value"] == 0.8
    assert card["sha256"] == hashlib.sha256(content).hexdigest()


def test_the_api_streams_the_same_lines_and_answers_their_card(said, export, key):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    answer = Client().get(PATH, **headers)
    content = b"".join(answer.streaming_content)
    assert (answer.status_code, content) == (200, export()[0])
    card = Client().get(PATH, {"format": "card"}, **headers).json()
    assert (card["sha256"], card["rows"], card["is_cut"]) == (hashlib.sha256(content).hexdigest(), 3, False)


def test_what_cannot_be_understood_is_refused_with_its_name(project, answers, key, tmp_path):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    wrong = {
        "min_rating": "6",
        "judged_min": "x",
        "reviewed": "perhaps",
        "format": "parquet",
        "since": "soon",
        "min_rate": "1",
    }
    for name, value in wrong.items():
        answer = Client().get(PATH, {name: value}, **headers)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, name)
    with pytest.raises(CommandError, match="--min-rating"):
        call_command("export_training", "shop", to=str(tmp_path / "x"), min_rating="nan")
    assert list(tmp_path.iterdir()) == []


def test_another_projects_answers_are_not_in_it(said, export):
    from observatory.projects.models import Project

    Score.objects.update(project=Project.objects.create(slug="bank", name="Bank"))
    assert export()[0] == b""
