"""The log of a time, what is asked, and how the application is used."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.reading import sample

PANELS = (
    "log_figures",
    "percentiles",
    "popular_questions",
    "event_failures",
    "event_types",
    "thread_memory",
    "usage_figures",
    "usage_people",
    "usage_depth",
    "question_words",
    "question_lengths",
    "question_categories",
)


def cells(content):
    return [[cell.words for cell in row] for row in content.table.rows]


def tiles(content):
    return {tile.name: tile for tile in content.tiles}


@pytest.mark.parametrize("name", PANELS)
def test_a_panel_without_facts_says_why(answer, name):
    content = answer(name)
    assert content.reason
    assert (content.tiles, content.chart, content.table) == ((), None, None)


def test_the_log_in_figures_against_the_time_before(ask, tell, answer):
    ask("a", 5, latency_ms=100.0, is_error=True, input_tokens=10, output_tokens=5)
    ask("b", 10, latency_ms=300.0, input_tokens=1, output_tokens=1)
    ask("c", 24 * 60 + 60, latency_ms=100.0)
    ask("before all that", 4 * 24 * 60)
    tell("llm.error", 5, component="llm")
    found = tiles(answer("log_figures"))
    assert {name: tile.value for name, tile in found.items()} == {
        "Requests": "2",
        "Mean response time": "200 ms",
        "Error rate": "50 %",
        "Tokens": "17",
        "Events": "1",
        "Events of failure": "1",
    }
    assert found["Requests"].change.words == "+100 %"
    assert found["Mean response time"].change.words == "+100 %"
    assert found["Error rate"].link.query == {"status": "error"}
    assert "Events know no model" in tiles(answer("log_figures", model="unknown"))["Events"].note
    assert answer("event_types", model="unknown").words.startswith("Events know no model")


def test_percentiles_are_told_by_stage_and_by_model(ask, answer):
    for minutes in range(1, 101):
        ask("q", minutes, model=f"m{minutes % 2}", latency_ms=float(minutes * 10), confidence=0.5)
    rows = {row[0]: row[1:] for row in cells(answer("percentiles"))}
    assert list(rows) == ["Whole answer", "Confidence", "Whole answer, m0", "Whole answer, m1"]
    assert rows["Whole answer"][:2] == ["100", "505 ms"]
    shown = [float(words.split()[0]) for words in rows["Whole answer"][2:]]
    assert shown == pytest.approx([500, 750, 900, 950, 990], rel=0.02)
    assert rows["Confidence"][1] == "50 %"


def test_questions_are_the_same_whatever_their_case_and_punctuation(ask, answer):
    for question in ("How do I pay?", "How do I pay?", "how do i pay", "HOW do I pay!!", "Where is it?", "???", ""):
        ask(question, is_error=question == "how do i pay")
    content = answer("popular_questions")
    assert cells(content) == [["How do I pay?", "4", "80 %", "1"], ["Where is it?", "1", "20 %", "0"]]
    assert content.table.rows[0][0].link.query == {"q": "how do i pay"}
    assert content.words == "Of all 7 interactions of this time."
    assert content.n == 5


def test_a_bounded_number_is_read_and_said(ask, answer, monkeypatch):
    for minutes in range(1, 10):
        ask(f"Question number {minutes}?", minutes, model=f"m{minutes}")
    whole = sample.latest
    monkeypatch.setattr("reports.panels.questions.latest", lambda *args, **more: whole(*args, **more, most=3))
    content = answer("popular_questions")
    assert content.n == 3
    narrowed = answer("popular_questions", model="m2")
    assert (
        narrowed.words
        == "Of the latest 3 interactions, those since 2 Mar 11:57:00 UTC; 1 within what the page is narrowed to."
    )
    assert content.words == "Of the latest 3 interactions, those since 2 Mar 11:57:00 UTC."


def test_the_words_of_questions_count_once_a_question(ask, answer):
    ask("Refund refund refund, please?")
    ask("What about a refund of the delivery?")
    ask("Is delivery free?")
    content = answer("question_words")
    assert [(row["label"], row["v"]) for row in content.chart.rows] == [("delivery", 2), ("refund", 2)]
    assert content.chart.rows[0]["drill"] == "q=delivery"
    assert content.n == 3


def test_lengths_of_questions_are_counted_in_words(ask, answer):
    ask("one two", input_tokens=10, output_tokens=3)
    ask("one two three four five six seven", input_tokens=30, output_tokens=5)
    content = answer("question_lengths")
    assert [(row["low"], row["v"]) for row in content.chart.rows if row["v"]] == [(1, 1), (5, 1)]
    assert "The median call took 30 tokens in and 5 out." in content.words


def test_categories_have_their_share_and_failures(ask, answer):
    ask("a", category="<b>billing</b>", is_error=True)
    ask("b", category="<b>billing</b>")
    ask("c", category="other")
    ask("d")
    assert cells(answer("question_categories")) == [
        ["<b>billing</b>", "2", "66.7 %", "50 %"],
        ["other", "1", "33.3 %", "0 %"],
    ]


def test_a_metric_as_a_panel_leads_to_the_interactions_behind_it(ask, tell, answer):
    ask("a", 5, model="m1", environment="prod", latency_ms=100.0)
    ask("b", 5, model="", environment="prod", latency_ms=300.0)
    content = answer("metric:interactions.latency?by=model&where=environment:prod&figure=mean")
    assert content.link.page == "interactions"
    assert content.link.query == {"environment": "prod"}
    drills = {row["name"]: row["drill"] for row in content.chart.rows if row["v"] is not None}
    assert drills == {"m1": "environment=prod&model=m1", "unknown": "environment=prod"}
    assert [row[:3] for row in cells(content)] == [["m1", "1", "100 ms"], ["unknown", "1", "300 ms"]]
    tell("x", 5, component="api")
    assert answer("metric:events.count?by=component").link.page == "metric"
    assert answer("metric:interactions.latency?by=model_version").link.page == "metric"


def test_the_sample_is_narrowed_as_the_page_is(ask, answer):
    ask("of the one", model="m1")
    ask("of none", model="")
    assert cells(answer("popular_questions", model="m1"))[0][0] == "of the one"
    assert cells(answer("popular_questions", model="unknown"))[0][0] == "of none"
    assert answer("popular_questions", model="a\x00b").reason


def test_usage_counts_people_once_and_divides(ask, answer):
    for minutes, user, session in ((5, "u1", "s1"), (6, "u1", "s1"), (700, "u1", "s2"), (8, "u2", "s3")):
        ask("q", minutes, user_id=user, session_id=session)
    found = tiles(answer("usage_figures"))
    assert {name: tile.value for name, tile in found.items()} == {
        "Interactions": "4",
        "Users": "2",
        "Sessions": "3",
        "Questions a session": "1.3",
        "Questions a user": "2.0",
    }


def test_questions_without_a_session_or_a_user_are_no_ones(ask, answer):
    for minutes in range(1, 11):
        ask("q", minutes, session_id="s" if minutes <= 2 else "", user_id="u" if minutes <= 3 else "")
    found = tiles(answer("usage_figures"))
    assert (found["Interactions"].value, found["Questions a session"].value, found["Questions a user"].value) == (
        "10",
        "2.0",
        "3.0",
    )
    assert (found["Questions a session"].n, found["Questions a user"].n) == (2, 3)
    assert max(row["v"] for row in answer("usage_depth").chart.rows if row["v"]) == 2


def test_people_and_depth_are_drawn_by_the_hour_or_the_day(ask, answer):
    for minutes in (5, 6, 7, 65):
        ask("q", minutes, user_id=f"u{minutes}", session_id="s1")
    hourly = {row["t"]: row["v"] for row in answer("usage_depth").chart.rows if row["v"]}
    assert sorted(hourly.values()) == [1, 3]
    daily = answer("usage_people", hours=7 * 24).chart
    assert max(row["v"] for row in daily.rows if row["name"] == "users") == 4
    assert max(row["v"] for row in daily.rows if row["name"] == "sessions") == 1


def test_failures_and_memory_come_from_events(tell, answer):
    tell("api.error", 5, {"severity": "critical"}, component="api")
    tell("api.error", 6, {"severity": "critical"}, component="api")
    tell("db.error", 7, component="db")
    tell("chat.complete", 8, {"memory_usage": 2_000_000}, duration_ms=100.0)
    tell("chat.complete", 9, {"memory_usage": 4_000_000}, duration_ms=300.0)
    assert cells(answer("event_failures")) == [["api", "critical", "2"], ["db", "none", "1"]]
    types = {row[0]: row[1:] for row in cells(answer("event_types"))}
    assert types["api.error"] == ["2", "–", "–"]
    assert types["chat.complete"][:2] == ["2", "200 ms"]
    assert answer("thread_memory").words == "Mean 3 MB, peak 4 MB in the hour from 2 Mar 11:00 UTC."


def test_many_facts_cost_as_many_queries_as_few(ask, tell, answer):
    def queries():
        found = {}
        for name in PANELS:
            answer(name)
            with CaptureQueriesContext(connection) as asked:
                answer(name)
            found[name] = len(asked)
        return found

    def facts(number):
        for one in range(number):
            ask(f"What about {one}?", one, user_id=f"u{one}", session_id=f"s{one}", category=f"c{one}", model=f"m{one}")
            tell(f"t{one}.error", one, {"memory_usage": one}, component=f"c{one}")

    facts(3)
    few = queries()
    facts(100)
    assert queries() == few
