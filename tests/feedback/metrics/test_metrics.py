"""What is counted of scores: sources stay apart, and what has no value is no zero."""

from uuid import uuid4

import pytest

from feedback import scores
from feedback.models import Score
from observatory.metrics.exposition.accept import OPENMETRICS
from observatory.metrics.exposition.expose import expose
from tests.feedback.metrics.conftest import NOW

pytestmark = pytest.mark.django_db


def test_ratings_thumbs_tone_and_comments_of_users(score, summary):
    score("USER", "rating", 5, comment="Great!", parts={"thumbs": 1, "tone": 0.6}, category="billing", confidence=0.95)
    score("USER", "rating", 2, comment="No.", parts={"thumbs": 0, "tone": -0.3}, category="billing", confidence=0.3)
    score("USER", "rating", 4, comment="It is a table.", parts={"tone": 0.0}, confidence=0.6)
    score("USER", "rating", parts={"thumbs": 1})
    assert (summary("feedback.rating").n, summary("feedback.rating").total) == (3, 11)
    assert (summary("feedback.low_ratings").total, summary("feedback.low_ratings").n) == (1, 3)
    assert summary("feedback.answers_rated").n == 4
    assert (summary("feedback.thumbs_up").total, summary("feedback.thumbs_up").n) == (2, 3)
    assert summary("feedback.comments").n == 3
    assert {tone: one.n for tone, one in summary("feedback.tone", by="tone").items()} == {
        "positive": 1,
        "neutral": 1,
        "negative": 1,
    }
    assert summary("feedback.rating_by_category", by="category")["billing"].mean == 3.5
    assert {name: one.mean for name, one in summary("feedback.rating_by_confidence", by="confidence").items()} == {
        "0.9 and above": 5,
        "below 0.5": 2,
        "0.6 to 0.7": 4,
    }


def test_an_answer_counts_as_rated_once_whoever_speaks_of_it_first(score, summary, shop):
    one = uuid4()
    for place, fields in enumerate(({}, {"minutes_ago": 9}, {"minutes_ago": 7, "value": None, "parts": {"thumbs": 1}})):
        score("USER", "rating", **{"value": 4, "user_id": f"u{place}", "interaction_id": one, **fields})
    score("USER", "rating", comment="Words alone.", minutes_ago=20, interaction_id=one)
    assert (summary("feedback.answers_rated").n, summary("feedback.rating").n) == (1, 2)
    scores.delete(shop.pk, Score.objects.filter(user_id="u1"), now=NOW)
    assert summary("feedback.answers_rated").n == 1  # that of another minute
    score("USER", "rating", 2, minutes_ago=30, interaction_id=None)
    assert (summary("feedback.answers_rated").n, summary("feedback.rating").n) == (1, 2)
    row = Score.objects.values("pk", "at").get(value=2)
    scores.change(shop.pk, [row], {"interaction_id": one}, now=NOW)
    assert summary("feedback.answers_rated").n == 1


def test_sources_are_never_mixed(score, summary):
    score("USER", "rating", 4)
    score("SIGNAL", "signal.click", 1)
    score("SIGNAL", "signal.requery", 0)
    score("REVIEWER", "review", 0, is_passed=False)
    score("ESTIMATE", "estimate", 0.3, parts={"accuracy": 0.2, "relevance": None})
    score("JUDGE", "deepeval.faithfulness", 0.9, is_passed=True)
    score("APPLICATION", "helpfulness", 7)
    assert summary("feedback.rating").n == 1
    assert {name: one.n for name, one in summary("feedback.signals", by="signal").items()} == {"click": 1, "requery": 1}
    assert summary("feedback.good_signals").mean == 0.5
    assert summary("quality.review_passed").mean == 0
    assert (summary("quality.estimate").mean, summary("quality.estimate_accuracy").mean) == (0.3, 0.2)
    assert summary("quality.estimate_relevance").n == 0
    assert summary("quality.weak_estimates").mean == 1
    assert (summary("quality.faithfulness").mean, summary("quality.faithfulness_passed").mean) == (0.9, 1)
    assert summary("quality.answer_relevancy").n == 0
    assert summary("quality.reported", by="name")["helpfulness"].mean == 7


def test_what_failed_or_cannot_be_measured_is_counted_apart_and_never_zero(score, summary):
    from feedback.models import State

    score("JUDGE", "deepeval.faithfulness", 0.9, cost_usd="0.002", input_tokens=1_300, output_tokens=120)
    score("JUDGE", "deepeval.faithfulness", state=State.FAILED, comment="429 Too Many Requests", input_tokens=900)
    score("JUDGE", "deepeval.faithfulness", state=State.NOT_SCORABLE, comment="The answer has no sources.")
    score("ESTIMATE", "estimate", state=State.NOT_SCORABLE, comment="The answer has no sources.", parts={"relevance": 0.8})
    assert summary("quality.faithfulness").mean == 0.9
    assert {name: (one.total, one.n) for name, one in summary("quality.failed", by="evaluator").items()} == {
        "deepeval.faithfulness": (1, 2)
    }
    assert {name: (one.total, one.n) for name, one in summary("quality.not_scorable", by="evaluator").items()} == {
        "deepeval.faithfulness": (1, 3),
        "estimate": (1, 1),
    }
    assert {name: one.n for name, one in summary("quality.reasons", by="reason").items()} == {
        "429 Too Many Requests": 1,
        "The answer has no sources.": 2,
    }
    assert summary("quality.estimate_relevance").mean == 0.8
    assert (summary("quality.judge_cost").total, summary("quality.judge_input_tokens").total) == (0.002, 2_200)


def test_a_rating_given_again_replaces_the_one_before(shop, score, summary):
    from feedback.models import Score
    from feedback.scores import Verdict, write

    score("USER", "rating", 1)
    assert summary("feedback.rating").mean == 1
    first = Score.objects.get()
    write(shop.pk, [Verdict(first.score_id, first.source, "rating", first.at, value=5)], now=NOW)
    assert (summary("feedback.rating").n, summary("feedback.rating").mean) == (1, 5)


def test_prometheus_knows_them_by_the_names_that_teams_rely_on(shop, score, summary):
    score("USER", "rating", 4, parts={"tone": 0.5})
    score("JUDGE", "deepeval.answer_relevancy", 0.75)
    score("JUDGE", "deepeval.faithfulness", 0.5)
    summary("feedback.rating")
    text = expose(shop.pk, now=NOW, content_type=OPENMETRICS)
    for line in (
        "observatory_user_satisfaction_score 4",
        "observatory_feedback_sentiment_ratio 1",
        "observatory_llm_quality_answer_relevancy 0.75",
        "observatory_llm_quality_faithfulness 0.5",
        "llm_quality_answerrelevancymetric 0.75",
        "llm_quality_faithfulnessmetric 0.5",
    ):
        assert f"\n{line}" in text
