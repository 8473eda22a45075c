"""The lists of interactions narrowed by what is said of them, in the admin, as CSV and by the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.models import Source, State
from feedback.opinions import narrow
from interactions.reading.opinions import CHOICES

LIST = "/admin/interactions/interaction/"
EXPECTED = {
    ("feedback", "rated"): {"q0", "q1", "q2", "q3"},
    ("feedback", "low"): {"q0", "q3"},
    ("feedback", "high"): {"q2"},
    ("feedback", "commented"): {"q1"},
    ("feedback", "none"): {"q4", "q5"},
    ("quality", "low"): {"q1", "q3", "q4"},
    ("quality", "failed"): {"q5"},
}


@pytest.fixture
def said(say):
    """At the edges: 2 is low and 4 high; a thumb counts without a rating; .35 is not low, and accuracy goes first."""
    say("q0", Source.USER, "rating", value=2)
    say("q0", Source.APPLICATION, "rating", value=5)
    say("q0", Source.ESTIMATE, "estimate", value=0.35, parts={"accuracy": None})
    say("q1", Source.USER, "rating", value=3, comment="so so", parts={"thumbs": 0})
    say("q1", Source.JUDGE, "deepeval.faithfulness", value=0.7, is_passed=False, threshold=0.8)
    say("q2", Source.USER, "rating", value=4)
    say("q2", Source.ESTIMATE, "estimate", value=0.35)
    say("q3", Source.USER, "rating", parts={"thumbs": 0.0})
    say("q2", Source.ESTIMATE, "estimate", value=0.2, parts={"accuracy": 0.35})
    say("q3", Source.ESTIMATE, "estimate", value=0.9, parts={"accuracy": 0.34})
    say("q4", Source.ESTIMATE, "estimate", value=0.34, parts={"accuracy": None})
    say("q4", Source.SIGNAL, "signal.skip", value=0)
    say("q5", Source.JUDGE, "judge.quality", state=State.FAILED, comment="The judge was busy.")
    say("q5", Source.USER, "rating", state=State.NOT_SCORABLE)


def test_every_choice_has_its_answers_here():
    assert set(EXPECTED) == {(name, value) for name, values in CHOICES.items() for value in values}


@pytest.mark.parametrize("looked", [10_000, 0], ids=["by the scores", "by the interactions"])
def test_a_filter_keeps_exactly_those_of_which_it_is_said(read, said, monkeypatch, looked):
    monkeypatch.setattr(narrow, "LOOKED", looked)
    found = {}
    for name, value in EXPECTED:
        status, page = read("/api/v1/interactions", **{name: value})
        assert status == 200
        found[name, value] = {row["query_preview"] for row in page["results"]}
    assert found == EXPECTED
    rows = read("/api/v1/interactions", feedback="low", quality="low", q="q0")[1]["results"]
    assert rows == []
    assert [row["query_preview"] for row in read("/api/v1/interactions", feedback="low", q="q3")[1]["results"]] == ["q3"]


def test_an_unknown_word_is_refused(read):
    status, body = read("/api/v1/interactions", feedback="bad")
    assert (status, body["error"]["field"]) == (400, "feedback")


def test_the_list_counts_what_is_said_and_shows_it(admin_client, said):
    page = admin_client.get(LIST, {"project": "shop"})
    boxes = {box.title: {link.value: link.count for link in box.links} for box in page.context["facets"]}
    assert boxes["feedback"] == {
        "rated": 4, "not rated": 2, "rated low (up to 2)": 2, "commented": 1, "rated high (from 4)": 1,
    }  # fmt: skip
    assert boxes["quality"] == {"low": 3, "evaluation failed": 1}
    badges = {row.one.query_preview: [badge.text for badge in row.badges] for row in page.context["rows"]}
    assert badges["q1"] == ["3 of 5, not helpful", "faithfulness 0.7 not passed"]
    assert badges["q3"] == ["not helpful", "estimate 0.9, accuracy 0.34"]
    assert badges["q4"] == ["estimate 0.34"]
    low = admin_client.get(LIST, {"project": "shop", "feedback": "low"})
    assert [row.one.query_preview for row in low.context["rows"]] == ["q3", "q0"]
    assert low.context["chips"][0]["value"] == "rated low (up to 2)"
    boxes = {box.title: {link.value: link.count for link in box.links} for box in low.context["facets"]}
    assert boxes["feedback"]["rated"] == 4  # its other values stay a click away
    lines = b"".join(admin_client.get(f"{LIST}csv/", {"project": "shop", "feedback": "low"}).streaming_content)
    assert lines.decode().count("\r\n") == 3


def test_queries_are_as_many_for_one_verdict_as_for_all(admin_client, say):
    say("q0", Source.USER, "rating", value=2)
    counts = [_queries(admin_client)]
    for number in range(6):
        for version in range(3):
            say(f"q{number}", Source.USER, "rating", value=2, user_id=f"v{version}")
            say(f"q{number}", Source.JUDGE, "judge.quality", value=0.1, is_passed=False, version=f"{version}")
    counts.append(_queries(admin_client))
    assert counts[0] == counts[1]


def _queries(client):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for parameters in ({}, {"feedback": "low"}):
            assert client.get(LIST, {"project": "shop", **parameters}).status_code == 200
    return len(queries)


def test_scores_of_another_project_say_nothing(read, said, project):
    from feedback.models import Score
    from observatory.projects.models import Project

    Score.objects.update(project=Project.objects.create(slug="bank", name="Bank"))
    assert read("/api/v1/interactions", feedback="rated")[1]["results"] == []
    assert len(read("/api/v1/interactions", feedback="none")[1]["results"]) == 6
