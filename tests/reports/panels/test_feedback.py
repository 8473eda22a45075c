"""The board of feedback: figures with n and interval, reasons where there are none, facts one click away."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.reports.panels.conftest import NOW

pytestmark = pytest.mark.django_db
YESTERDAY = 30 * 60
BOARD = "feedback"


def cells(content) -> list[list[str]]:
    return [[cell.words for cell in row] for row in content.table.rows]


@pytest.mark.parametrize("board", ["feedback", "quality"])
def test_without_scores_every_panel_says_why_and_what_to_do(answer, board):
    from reports.boards import BOARDS

    for name in BOARDS[board].panels:
        content = answer(name)
        assert content.reason or all(tile.reason for tile in content.tiles), name


def test_satisfaction_comes_with_n_interval_and_change(score, ask, answer):
    for place in range(40):
        score("USER", "rating", 5 if place % 4 else 4, YESTERDAY + place)
        score("USER", "rating", 1 if place % 2 else 3, 5 + place, parts={"thumbs": place % 2})
    for place in range(100):
        ask("How?", 5 + place, model="gpt-4o-mini")
    tiles = {tile.name: tile for tile in answer("feedback_figures").tiles}
    mean, rate = tiles["Satisfaction"], tiles["Feedback rate"]
    assert (mean.value, mean.n, mean.interval) == ("2.00/5", 40, "1.75 to 2.37")
    assert (mean.change.words, mean.change.judgement) == ("−58 %", "worse")
    assert (rate.value, rate.note, rate.interval) == (
        "40.0 %",
        "40 rated of 100 answers",
        "30.9 % to 49.8 %",
    )
    assert (tiles["Low ratings"].value, tiles["Thumbs up"].value) == ("50.0 %", "50.0 %")
    assert tiles["Good signals"].reason == "No click, share, accept, skip or re-query."


def test_ratings_are_counted_by_stars_and_joined_through_time(score, answer):
    for place in range(60):
        score("USER", "rating", 1 + place % 5, 20 * place + 1)
    rows = answer("feedback_spread").chart.rows
    assert [(row["label"], row["v"]) for row in rows] == [
        ("5 stars", 12),
        ("4 stars", 12),
        ("3 stars", 12),
        ("2 stars", 12),
        ("1 star", 12),
    ]
    line = [row for row in answer("feedback_trend").chart.rows if row["v"] is not None]
    assert sum(row["n"] for row in line) >= 55
    assert all(row["low"] <= row["v"] <= row["high"] for row in line)


def test_sure_answers_that_please_no_more_are_named(score, answer):
    for place in range(40):
        score(
            "USER", "rating", 4 + place % 2, place, confidence=0.95, category="billing", prompt_name="a", prompt_version="1"
        )
        score("USER", "rating", 1 + place % 2, place, confidence=0.3, category="login", prompt_name="a", prompt_version="2")
    content = answer("feedback_by_confidence")
    assert content.words == "Sure answers are rated better: 4.50 from 0.8 on, 1.50 below 0.6."
    assert cells(content)[0][:3] == ["below 0.5", "40", "1.50"]
    assert cells(content)[1] == ["0.5 to 0.6", "0", "–", "–"]
    assert [row[0] for row in cells(answer("feedback_by_category"))] == ["login", "billing"]
    assert [row[1:4] for row in cells(answer("feedback_by_prompt"))] == [["1", "40", "4.50"], ["2", "40", "1.50"]]


def test_tone_and_signals_say_what_they_are_not(score, answer):
    score("USER", "rating", 5, parts={"tone": 0.8}, comment="Great")
    score("USER", "rating", 1, parts={"tone": -0.8}, comment="Awful")
    score("SIGNAL", "signal.requery", 0)
    assert "not satisfaction" in answer("feedback_tone").words
    assert [(row["name"], row["v"]) for row in answer("feedback_tone").chart.rows] == [
        ("positive", 1),
        ("neutral", 0),
        ("negative", 1),
    ]
    assert cells(answer("feedback_signals")) == [["re-query", "against it", "1", "–"]]


def test_bad_ratings_lead_to_their_traces(shop, score, ask, answer):
    from interactions.models import Interaction

    ask("Why is it so?", model="gpt-4o-mini")
    row = Interaction.objects.get()
    score("USER", "rating", 1, comment="<b>No.</b>", interaction_id=row.interaction_id, trace_id=row.trace_id)
    score("USER", "rating", 5, comment="Yes.", interaction_id=uuid4())
    low = answer("feedback_low")
    assert [line[1:4] for line in cells(low)] == [["1", "<b>No.</b>", "Why is it so?"]]
    assert low.table.rows[0][0].link.query == {"id": row.trace_id}
    assert [line[2] for line in cells(answer("feedback_comments"))] == ["Yes.", "<b>No.</b>"]
    assert answer("feedback_low", model="another").reason.startswith("No user rated")


@pytest.mark.parametrize("tells_each_step", [True, False])
def test_a_journey_is_a_funnel_however_pages_tell_it(tell, answer, tells_each_step):
    steps = ["started", "gesture_recognized", "question_processed", "answer_received", "satisfied"]
    for session in range(20):
        furthest = session % 5
        for step in steps[: furthest + 1] if tells_each_step else [steps[furthest]]:
            tell("user_journey_completion", 5, {"step": step}, session_id=f"s{session}")
    content = answer("journeys")
    assert [line[:4] for line in cells(content)] == [
        ["Started", "20", "–", "–"],
        ["Gesture recognised", "16", "4", "20.0 %"],
        ["Question processed", "12", "4", "25.0 %"],
        ["Answer received", "8", "4", "33.3 %"],
        ["Satisfied", "4", "4", "50.0 %"],
    ]
    assert content.words.startswith("Most are lost before “Satisfied”: 50.0 %")


@pytest.mark.parametrize("board", ["feedback", "quality"])
def test_more_scores_take_no_more_queries(shop, score, rolled_up, board):
    from observatory.metrics.series import Window
    from reports.boards import BOARDS
    from reports.panels.asked import Asked
    from reports.panels.catalogue import panel

    def queries() -> int:
        rolled_up()
        asked = Asked(shop.pk, Window(NOW - timedelta(days=1), NOW), NOW)
        with CaptureQueriesContext(connection) as counted:
            for name in BOARDS[board].panels:
                panel(name).answer(asked)
        return len(counted)

    def write(number: int) -> None:
        for place in range(number):
            model = {"model": f"m{place % 7}", "prompt_name": f"p{place}"}
            score("USER", "rating", 1 + place % 5, place, comment="Hm.", confidence=0.4, **model)
            score("ESTIMATE", "estimate", 0.4, place, parts={"accuracy": 0.5}, **model)
            score("JUDGE", "deepeval.faithfulness", 0.4, place, is_passed=False, cost_usd="0.01", input_tokens=9, **model)
            score("APPLICATION", f"own {place}", 3, place, **model)

    write(6)
    few = queries()
    write(33)
    assert queries() == few
    assert few < 70
