"""The embedding estimate: what it reads, where it says nothing, and that it never mixes with what words alone tell."""

import sys
from datetime import timedelta

import pytest

from feedback.models import Batch, EvaluatorSetting, Score, Source, State
from feedback.quality.batches import standing
from feedback.quality.batches.run import run_waiting
from feedback.quality.batches.wish import CannotEvaluate, Wish, ask
from feedback.quality.catalogue import evaluator
from feedback.quality.embedding.installed import NOT_INSTALLED
from feedback.quality.embedding.named import NAME
from feedback.quality.evaluator import Request
from feedback.quality.exchanges import Exchange
from feedback.quality.run import judged
from feedback.quality.settings import Change, change, setting_of
from feedback.scoring import score_waiting
from interactions.digest.run import digest_until_empty
from interactions.models import Interaction
from observatory.metrics import catalogue, series
from observatory.metrics.rollup.run import roll_up
from observatory.metrics.series import Window
from tests.feedback.batches.conftest import NOW

QUESTION = "How do I get my money back for a broken kettle?"
RELATED = "Send the faulty appliance to us within thirty days, and we will refund the price."
UNRELATED = "The northern lights appear when particles of the solar wind meet the upper air."


def said_of(question: str, answer: str, *, is_error: bool = False):
    exchange = Exchange(Interaction(is_error=is_error), question, answer)
    (result,) = judged(evaluator(NAME), [Request(exchange)], None)
    return result


@pytest.fixture
def missing(monkeypatch):
    monkeypatch.setattr("feedback.quality.embedding.installed.is_installed", lambda: False)


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Hello, world!", [101, 7592, 1010, 2088, 999, 102]),
        ("unaffable", [101, 14477, 20961, 3468, 102]),
        ("a [SEP]", [101, 1037, 1031, 19802, 1033, 102]),  # nobody writes the marks of the model
    ],
)
def test_texts_become_the_numbers_of_bert(text, numbers):
    from feedback.quality.embedding.pieces import windows_of

    assert windows_of(text) == [numbers]


@pytest.mark.one_store
def test_what_is_about_the_question_scores_above_what_is_not_also_in_other_words():
    related, unrelated = said_of(QUESTION, RELATED), said_of(QUESTION, UNRELATED)
    assert (related.state, related.reason, related.parts) == (State.SCORED, "", {})
    assert related.value > unrelated.value + 0.3
    assert said_of(QUESTION, RELATED).value == related.value
    assert "huggingface_hub" not in sys.modules


@pytest.mark.one_store
def test_a_long_answer_is_read_in_parts_and_a_longer_one_is_cut_which_is_said():
    long = said_of(QUESTION, f"{RELATED} " * 20)
    assert long.details == {"is_cut": False, "windows": {"question": 1, "answer": 2}}
    assert long.reason == "the answer was read in 2 parts, by their mean"
    cut = said_of(QUESTION, f"{RELATED}{' ' * 10_000}{UNRELATED}")
    assert (cut.details["is_cut"], cut.reason) == (True, "only the first 10,000 signs of the answer were read")
    assert cut.value == said_of(QUESTION, RELATED).value


@pytest.mark.one_store
@pytest.mark.parametrize(
    ("question", "answer", "is_error", "reason"),
    [
        (QUESTION, "", False, "the answer has no words with content"),
        ("?!", RELATED, False, "the question has no words with content"),
        (QUESTION, RELATED, True, "the interaction failed"),
        (QUESTION, "Das ist nicht der Preis, den wir für die Ware haben.", False, "the answer is in a language (de)"),
        (QUESTION, "ფრანგული ენა", False, "the answer is in letters that the model does not read"),
    ],
)
def test_where_nothing_can_be_measured_there_is_a_reason_and_no_value(question, answer, is_error, reason):
    result = said_of(question, answer, is_error=is_error)
    assert (result.state, result.value) == (State.NOT_SCORABLE, None)
    assert result.reason.startswith(reason)


@pytest.mark.django_db
def test_without_the_extra_it_says_how_to_install_it(project, missing, admin_client):
    result = said_of(QUESTION, RELATED)
    assert (result.state, result.reason, result.is_worth_retrying) == (State.FAILED, NOT_INSTALLED, False)
    assert "pip install -r deploy/embeddings.txt" in NOT_INSTALLED
    with pytest.raises(CannotEvaluate, match=r"pip install -r deploy/embeddings\.txt"):
        ask(Wish(project.pk, [NAME]), trigger=Batch.Trigger.PERSON, by="mia", now=NOW)
    page = admin_client.get("/admin/feedback/evaluatorsetting/?project=shop").content.decode()
    assert NOT_INSTALLED in page
    assert "a model on this machine, no judge" in page


@pytest.fixture
def two_answers(project, send):
    for number, answer in enumerate((RELATED, UNRELATED)):
        at = (NOW - timedelta(minutes=10 - number)).isoformat()
        assert send("/api/v1/interactions", {"query": QUESTION, "answer": answer, "asked_at": at})[0] == 201
    digest_until_empty()


@pytest.mark.django_db
def test_it_is_off_and_when_on_runs_in_evaluations_beside_the_lexical_one(project, two_answers, admin_client, read):
    one = evaluator(NAME)
    assert not setting_of(project.pk, one).is_on
    change(project.pk, one, Change(True, 1.0, None), now=NOW - timedelta(hours=1))
    assert EvaluatorSetting.objects.get().evaluator == NAME
    score_waiting()
    assert set(Score.objects.values_list("name", flat=True)) == {"estimate"}  # no follower runs it
    lexical = list(Score.objects.order_by("pk").values_list("value", flat=True))
    assert standing.look(now=NOW) == 1
    run_waiting()
    assert Batch.objects.get().status == Batch.Status.DONE
    rows = Score.objects.filter(name=NAME).order_by("at")
    assert {(row.source, row.version, row.is_passed) for row in rows} == {(Source.ESTIMATE, "MiniLM-L6 int8 1", None)}
    near, far = (row.value for row in rows)
    assert near > 0.35 > far

    roll_up(now=NOW)
    window = Window(NOW - timedelta(hours=1), NOW)
    figures = {
        name: series.summaries(catalogue.metric(f"quality.{name}"), project_id=project.pk, window=window)[()]
        for name in ("estimate", "embedding_relevance")
    }
    assert [figures[name].n for name in figures] == [2, 2]
    assert figures["estimate"].mean == pytest.approx(sum(lexical) / 2)
    assert figures[NAME].mean == pytest.approx((near + far) / 2)

    weak = Interaction.objects.order_by("-asked_at")[0]
    page = admin_client.get(f"/admin/interactions/interaction/{weak.pk}/change/")
    groups = {group.key: [line.one.name for line in group.lines] for group in page.context["said"].groups}
    assert groups == {"estimated": ["estimate"], "modelled": [NAME]}


@pytest.mark.django_db
def test_a_low_one_is_no_low_estimate_and_has_a_badge_of_its_own(project, two_answers, admin_client, read):
    for name, value in (("estimate", 0.9), (NAME, 0.1)):
        one = Interaction.objects.latest("asked_at")
        Score.objects.create(
            project=project, score_id=name, interaction_id=one.interaction_id, source=Source.ESTIMATE, name=name,
            value=value, at=one.asked_at, scored_at=NOW,
        )  # fmt: skip
    assert read("/api/v1/interactions", quality="low")[1]["results"] == []
    page = admin_client.get("/admin/interactions/interaction/", {"project": "shop", "range": "all"})
    assert [badge.text for badge in page.context["rows"][0].badges] == ["estimate 0.9", "embedding relevance 0.1"]
    assert not any(box.title == "quality" and any(link.count for link in box.links) for box in page.context["facets"])
