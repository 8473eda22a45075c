"""The board of quality: judged and estimated stay apart, what failed is no score, and the worst answers are named."""

import pytest

pytestmark = pytest.mark.django_db
YESTERDAY = 30 * 60


def cells(content) -> list[list[str]]:
    return [[cell.words for cell in row] for row in content.table.rows]


def test_each_metric_of_the_judge_has_its_pass_rate_interval_and_threshold(score, answer, shop):
    from feedback.models import EvaluatorSetting

    EvaluatorSetting.objects.create(project=shop, evaluator="deepeval.geval:polite", threshold=0.85)
    for place in range(1, 41):
        score("JUDGE", "deepeval.faithfulness", 0.9, YESTERDAY + place, is_passed=True)
        score("JUDGE", "deepeval.faithfulness", 0.5, place, is_passed=False)
    for place in range(1, 7):
        score("JUDGE", "deepeval.geval:polite", 0.9, place, is_passed=True)
    score("ESTIMATE", "estimate", 0.1)
    rows = cells(answer("quality_judged"))
    assert rows[0] == [
        "Faithfulness", "40", "0.50", "0.50 to 0.50", "0 %", "0 % to 8.8 %", "0.8", "−100.0 points"
    ]  # fmt: skip
    assert (rows[1][:3], rows[1][6]) == (["Own criteria: polite", "6", "0.90"], "0.85")
    assert {row["name"] for row in answer("quality_judged_trend").chart.rows} == {"Faithfulness"}


def test_estimates_stand_apart_in_words_and_colour(score, answer):
    for place in range(1, 31):
        score("ESTIMATE", "estimate", 0.2 if place % 3 else 0.8, place, parts={"accuracy": 0.5, "citations": None})
        score("JUDGE", "deepeval.faithfulness", 1.0, place, is_passed=True)
    content = answer("quality_estimates")
    assert "Lexical estimate (no model)" in content.words
    assert cells(content)[0][2:4] == ["30", "0.40"]
    assert next(row for row in cells(content) if row[0] == "Citations")[3] == "not measurable"
    chart = answer("quality_estimates_trend").chart
    assert {row["name"] for row in chart.rows} == {"overall", "accuracy against sources"}
    assert "lexical estimate (no model)" in chart.description
    assert "style_estimate" in str(chart.spec)
    by_model = answer("quality_by_model")
    assert [column.name for column in by_model.table.columns][2:] == [
        "n", "Lexical estimate", "95 % interval", "Faithfulness, judged"
    ]  # fmt: skip
    assert cells(by_model)[0][2:4] == ["30", "0.40"]
    assert cells(by_model)[0][5].startswith("100 % of 30")


def test_what_has_no_score_says_why_and_what_failed_is_apart(score, answer):
    from feedback.models import State

    score("ESTIMATE", "estimate", 0.7)
    score("ESTIMATE", "estimate", state=State.NOT_SCORABLE, comment="the answer refuses")
    score("JUDGE", "deepeval.faithfulness", state=State.FAILED, comment="429 Too Many Requests")
    assert cells(answer("quality_not_scorable")) == [["the answer refuses", "Lexical estimate (no model)", "1", "50.0 %"]]
    assert cells(answer("quality_failures")) == [["429 Too Many Requests", "Faithfulness, judged", "1", "100 %"]]
    assert answer("quality_judged").reason.startswith("No judge model has judged")


def test_the_worst_answers_come_with_what_was_found(ask, score, answer):
    from interactions.models import Interaction

    ask("How many weeks?")
    row = Interaction.objects.get()
    about = {"interaction_id": row.interaction_id, "trace_id": row.trace_id}
    score("ESTIMATE", "estimate", 0.4)
    assert [column.name for column in answer("quality_worst_estimates").table.columns][1] == "Estimate"
    found = {"findings": [{"text": "18 is not in the sources"}]}
    score("ESTIMATE", "estimate", 0.6, parts={"accuracy": 0.12}, details=found, **about)
    score("ESTIMATE", "estimate", 0.5, parts={"accuracy": 0.9})
    score("JUDGE", "deepeval.faithfulness", 0.2, comment="It contradicts source 1.", **about)
    worst = answer("quality_worst_estimates")
    assert cells(worst)[0][1:4] == ["0.12", "How many weeks?", "18 is not in the sources"]
    assert worst.table.rows[0][2].link.query == {"id": row.trace_id}
    assert cells(answer("quality_worst_judged"))[0][1:5] == [
        "Faithfulness", "0.20", "How many weeks?", "It contradicts source 1."
    ]  # fmt: skip


def test_the_judge_tells_what_it_cost(score, answer):
    for place in range(1, 4):
        score("JUDGE", "deepeval.faithfulness", 1, place, cost_usd="0.02", input_tokens=1_000, output_tokens=100)
    score("JUDGE", "deepeval.faithfulness", 1, input_tokens=1_000, output_tokens=100)
    words = answer("quality_spend").words
    assert words.startswith("$0.0600 for 3 verdicts; 4,000 tokens in, 400 out.")
    assert words.endswith("1 verdicts have no known price.")


def test_scores_of_applications_are_listed_by_their_names(score, answer):
    score("APPLICATION", "helpfulness", 7)
    assert cells(answer("quality_reported")) == [["helpfulness", "1", "7", "too few", "7 to 7"]]


def test_what_an_application_calls_as_we_do_is_no_word_of_ours(score, answer):
    for name in ("deepeval.faithfulness", "estimate", "rating"):
        score("APPLICATION", name, 1, comment="Mine.")
    assert answer("quality_worst_judged").reason.startswith("No judge model has judged")
    for panel in ("quality_worst_estimates", "feedback_low", "feedback_comments"):
        assert not answer(panel).table, panel


def test_a_fall_of_ratings_and_a_failing_judge_need_attention(score, answer):
    from feedback.models import State

    for place in range(1, 31):
        score("USER", "rating", 5, YESTERDAY + place)
        score("USER", "rating", 2, place)
    for place in range(1, 7):
        score("JUDGE", "deepeval.faithfulness", None, place, state=State.FAILED, comment="401")
    found = {row[0].words: (row[0].judgement, row[1].words) for row in answer("attention").table.rows}
    assert found["Ratings fell"] == ("", "2.00 of 5 (n = 30), after 5.00 (n = 30) in the time before.")
    assert found["Faithfulness, judged: evaluations fail"] == (
        "worse", "100 % of 6 evaluations. Those answers have no score."
    )  # fmt: skip
