"""The pages of scores: what is asked for, what they say of how many, and that hostile texts stay texts."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from feedback.models import Score, Source, State
from tests.feedback.opinions.conftest import answers, say
from tests.trust import parameters

__all__ = ["answers", "say"]
LIST = "/admin/feedback/score/"
HOSTILE = '"><img src=x onerror=canary()>{{1}}'


def page(client, path="", **parameters):
    answer = client.get(f"{LIST}{path}", {"project": "shop", "range": "all", **parameters})
    assert answer.status_code == 200
    return answer


def values(answer):
    return [(row["one"].name, row["one"].value) for row in answer.context["rows"]]


@pytest.fixture
def said(say):
    say("q0", Source.USER, "rating", value=5, model="other")
    say("q1", Source.USER, "rating", value=1, comment=HOSTILE, label=HOSTILE)
    say("q2", Source.USER, "rating", value=3)
    say("q1", Source.JUDGE, "policy", value=0.2, is_passed=False, threshold=0.5, version="1")
    say("q2", Source.JUDGE, "policy", value=0.9, is_passed=True, threshold=0.5, version="2")
    say("q2", Source.JUDGE, "policy", state=State.FAILED, version="3")


def test_the_list_shows_what_is_asked_for(admin_client, said):
    assert len(values(page(admin_client))) == 6
    assert sorted(value for _, value in values(page(admin_client, source="user"))) == [1, 3, 5]
    assert values(page(admin_client, passed="no")) == [("policy", 0.2)]
    assert values(page(admin_client, state="failed")) == [("policy", None)]
    assert values(page(admin_client, name="rating", model="other")) == [("rating", 5)]
    assert values(page(admin_client, name="rating", sort="lowest")) == [("rating", 1), ("rating", 3), ("rating", 5)]
    assert values(page(admin_client, since="2026-03-02")) == []
    wrong = page(admin_client, state="bad")
    assert wrong.context["problem"].startswith("state:")


def test_a_score_of_a_session_stands_on_its_page_and_leads_there(admin_client, send, answers):
    body = {"session_id": "s", "name": "resolved", "value": 1, "comment": HOSTILE}
    assert send("/api/v1/scores", body)[0] == 201
    (row,) = page(admin_client).context["rows"]
    assert row["session_url"] == "/admin/interactions/interaction/session/?project=shop&id=s"
    session = admin_client.get(row["session_url"])
    text = session.content.decode()
    assert "Said of the whole session" in text
    assert "resolved 1" in text
    assert "<img src=x" not in text
    assert row["session_url"].replace("&", "&amp;") in admin_client.get(row["url"]).content.decode()


def test_a_session_without_turns_is_named_and_not_linked(admin_client, key, send):
    assert send("/api/v1/scores", {"session_id": "no-turns", "name": "resolved", "value": 1})[0] == 201
    page = admin_client.get(LIST, {"project": "shop"})
    (row,) = page.context["rows"]
    assert (row["session_url"], "no-turns" in page.content.decode()) == ("", True)
    assert "The session</a>" not in admin_client.get(row["url"]).content.decode()


def test_the_figures_say_of_how_many_they_speak_and_leave_failures_out(admin_client, said):
    spread = page(admin_client, name="policy").context["spread"]
    assert (spread.n, spread.mean, spread.judged, spread.pass_share, spread.failed) == (2, 0.55, 2, 0.5, 1)
    answer = page(admin_client, name="policy")
    assert "Several versions made these scores" in answer.content.decode()
    assert page(admin_client).context.get("spread") is None


def test_two_scores_of_the_same_answers_are_compared(admin_client, say):
    for number in range(4):
        say(f"q{number}", Source.JUDGE, "one", is_passed=number > 1)
        say(f"q{number}", Source.REVIEWER, "two", is_passed=number > 0, author="ann")
    pairing = page(admin_client, name="one", **{"with": "two"}).context["pairing"]
    assert (pairing.n, pairing.agreement.accuracy, pairing.kappa.value) == (4, 0.75, pytest.approx(0.5))


def test_one_score_shows_its_reason_and_what_other_versions_said(admin_client, said):
    for name, found in (("rating", HOSTILE), ("policy", "")):
        score = Score.objects.filter(name=name, comment=found).order_by("id").last()
        text = page(admin_client, f"{score.pk}/change/").content.decode()
        assert "<img src=x" not in text
        assert ("&lt;img src=x" in text) == (name == "rating")
        assert ("n = 2" in text) == (name == "policy")
    assert "<img src=x" not in page(admin_client).content.decode()


def test_the_file_has_the_rows_of_the_list_and_no_formula(admin_client, say):
    say("q0", Source.USER, "rating", value=1, comment="=1+1")
    say("q1", Source.USER, "other", value=1)
    answer = page(admin_client, "csv/", name="rating")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert ",'=1+1," in lines[1]
    assert admin_client.get(f"{LIST}csv/", {"project": "shop", "source": "x"}).status_code == 400


def test_pages_of_scores_take_as_many_queries_with_much_as_with_little(admin_client, answers, say):
    def queries():
        with CaptureQueriesContext(connection) as found:
            page(admin_client, name="rating", **{"with": "policy"})
        return len(found)

    say("q0", Source.USER, "rating", value=1)
    say("q0", Source.JUDGE, "policy", value=1)
    before = queries()
    for number in range(6):
        for user in range(10):
            say(f"q{number}", Source.USER, "rating", value=1 + user % 5, user_id=f"v{user}")
        say(f"q{number}", Source.JUDGE, "policy", value=number / 6)
    assert queries() == before


def test_older_pages_go_on_behind_the_last_row(admin_client, answers, say):
    for user in range(55):
        say("q0", Source.USER, "rating", value=1, user_id=f"v{user}")
    first = page(admin_client)
    second = admin_client.get(f"{LIST}{first.context['older_url']}")
    keys = [row["one"].pk for one in (first, second) for row in one.context["rows"]]
    assert (len(keys), len(set(keys))) == (55, 55)


@pytest.mark.one_store
def test_an_empty_page_says_what_will_be_here(admin_client, project):
    assert "/api/v1/chat/feedback" in page(admin_client).content.decode()
    assert "The buffer is empty" in page(admin_client, "training/").content.decode()


def test_editors_download_training_data_and_its_card(admin_client, said):
    lines = b"".join(page(admin_client, "training/file/", min_rating="3").streaming_content).splitlines()
    assert len(lines) == 2
    card = page(admin_client, "training/file/", min_rating="3", card="1").content.decode()
    assert "2 rows" in card
    assert page(admin_client, "training/").context["buffer"].size == 3
    assert admin_client.get(f"{LIST}training/file/", {"project": "shop", "min_rating": "9"}).status_code == 400


def test_no_parameter_makes_a_fault(admin_client, said):
    names = {
        "": "name source state passed model with sort range since until cursor".split(),
        "training/file/": "min_rating max_rating since judged_min reviewed card".split(),
    }
    for path, some in names.items():
        for name, value in itertools.product(some, parameters.FEW):
            base = "&name=rating" if name == "with" else ""
            answer = admin_client.generic("GET", f"{LIST}{path}", QUERY_STRING=f"project=shop{base}&{name}={value}")
            assert answer.status_code in {200, 400}, (path, name, value)
    key = Score.objects.latest("id").pk
    assert [admin_client.get(f"{LIST}{one}/change/").status_code for one in (key, key + 10**6, "x", "%00")] == [
        200,
        404,
        404,
        404,
    ]
