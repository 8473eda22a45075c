"""What is said of an answer on the pages of its trace, its session and its user, and in the API's answers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from feedback.models import ReviewItem, Source, State
from interactions.models import Interaction
from observatory.projects.models import Membership

HOSTILE = "</script><img src=x onerror=canary()>"


def trace(client, answers, question="q1"):
    one = Interaction.objects.get(interaction_id=answers[question])
    return client.get(f"/admin/interactions/interaction/{one.pk}/change/")


def session(client, **query):
    return client.get("/admin/interactions/interaction/session/", {"project": "shop", "id": "s", **query})


@pytest.fixture
def said(say):
    say("q1", Source.USER, "rating", value=1, comment="Wrong year.", label="facts", user_id="u")
    say("q1", Source.REVIEWER, "review", value=1, is_passed=True, author="ann", comment="It is right.")
    say(
        *("q1", Source.JUDGE, "deepeval.faithfulness"),
        value=0.5,
        is_passed=False,
        threshold=0.8,
        comment="Claim 2 is not there.",
        version="4.3.1 · j",
        cost_usd=Decimal("0.0021"),
    )
    say("q1", Source.JUDGE, "judge.quality", state=State.FAILED, retry_at=timezone.now() + timedelta(hours=1))
    say(
        *("q1", Source.ESTIMATE, "estimate"),
        value=0.41,
        parts={"accuracy": 0.3, "citations": None, "refusal": 1.0, "repetition": 0.97},
        details={"findings": ["18 is not in the sources"], "reasons": {"citations": "nothing is cited"}, "coverage": 0.75},
    )


def test_people_come_first_then_judges_and_estimates_stand_apart(admin_client, answers, said):
    page = trace(admin_client, answers)
    groups = {group.key: [line.badge.text for line in group.lines] for group in page.context["said"].groups}
    assert list(groups) == ["people", "judged", "estimated"]
    assert groups["people"] == ["1 of 5", "review passed"]
    assert groups["judged"] == ["faithfulness 0.5 not passed", "quality evaluation failed"]
    text = page.content.decode()
    words = (
        *("Wrong year.", "Claim 2 is not there.", "4.3.1 · j", "threshold 0.8", "It is tried again", "$0.0021"),
        *("18 is not in the sources", "nothing is cited", "75 % of the weight measured", "Lexical estimate (no model)"),
        *("does not refuse", "3 % of what it says"),
    )
    assert [part for part in words if part not in text] == []


def test_an_answer_of_which_nothing_is_said_says_how_that_changes(admin_client, answers):
    assert "/api/v1/chat/feedback" in trace(admin_client, answers).content.decode()


def test_the_session_names_the_badly_rated_turn_and_shows_each_verdict_at_its_turn(admin_client, said):
    page = session(admin_client)
    assert (page.context["bad"].number, list(page.context["bad"].faults)) == (2, ["rated badly"])
    entries = {entry["one"]["query"]: entry for entry in page.context["entries"]}
    assert [badge.text for badge in entries["q1"]["badges"]] == [
        "faithfulness 0.5 not passed",
        "quality evaluation failed",
        "estimate 0.41, accuracy 0.3",
    ]
    assert entries["q0"]["badges"] == []
    assert "Wrong year." in page.content.decode()


def test_the_api_answers_scores_beside_their_interaction(read, answers, said):
    path = f"/api/v1/traces/{Interaction.objects.get(interaction_id=answers['q1']).trace_id}"
    scores = {score["name"]: score for score in read(path)[1]["interactions"][0]["scores"]}
    assert (scores["rating"]["value"], scores["rating"]["comment"], scores["rating"]["source"]) == (
        1.0,
        "Wrong year.",
        "user",
    )
    assert (scores["judge.quality"]["state"], scores["judge.quality"]["value"]) == ("failed", None)
    turns = read("/api/v1/sessions/s")[1]["interactions"]
    assert [len(turn["scores"]) for turn in turns] == [0, 5, 0, 0, 0]


def test_queries_do_not_grow_with_what_is_said(admin_client, answers, say):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert trace(admin_client, answers).status_code == session(admin_client).status_code == 200
        return len(found)

    say("q1", Source.USER, "rating", value=1)
    before = queries()
    for number in range(5):
        for version in range(3):
            say(f"q{number}", Source.JUDGE, "judge.quality", value=0.1, version=f"{version}")
            say(f"q{number}", Source.USER, "rating", value=1, user_id=f"v{version}")
    assert queries() == before


def test_a_user_is_shown_with_what_they_said(admin_client, project, send):
    from feedback.scores import Verdict, write
    from interactions.digest.run import digest_until_empty

    send("/api/v1/interactions", {"query": "q", "answer": "a", "user_id": "u", "asked_at": timezone.now().isoformat()})
    digest_until_empty()
    said = [Verdict(f"{n}", Source.USER, "rating", timezone.now(), value=n, comment=HOSTILE, user_id="u") for n in (1, 4)]
    write(project.pk, said, now=timezone.now())
    page = admin_client.get("/admin/interactions/interaction/user/", {"project": "shop", "id": "u"})
    assert page.context["contentment"].rating == 2.5
    assert "<img src=x" not in page.content.decode()
    assert "&lt;img src=x" in page.content.decode()


def test_at_which_moment_it_was_said_is_kept(admin_client, answers, say):
    say("q0", Source.USER, "rating", value=5, at=datetime(2026, 3, 2, tzinfo=UTC))
    assert "2026-03-02" in trace(admin_client, answers, "q0").content.decode()


def test_editors_may_have_an_answer_reviewed_and_evaluated_and_viewers_look(client, admin_client, project, answers, said):
    viewer = User.objects.create_user("vera")
    Membership.objects.create(user=viewer, project=project, role=Membership.Role.VIEWER)
    client.force_login(viewer)
    path = f'value="{answers["q1"]}"'
    assert path not in trace(client, answers).content.decode()
    page = trace(admin_client, answers)
    assert path in page.content.decode()
    review, evaluate = page.context["said"].actions
    chosen = admin_client.post(review.url, review.fields)
    assert (chosen.status_code, ReviewItem.objects.get().reason) == (302, ReviewItem.Reason.CHOSEN)
    assert admin_client.get(evaluate.url).status_code == 200
