"""The users of an application, and one of them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.digest.user_days import refresh
from interactions.ingest.native.event import parse_event
from interactions.ingest.store import store
from observatory.projects.models import Membership

USERS = "/admin/interactions/interaction/users/"
USER = "/admin/interactions/interaction/user/"


@pytest.fixture
def asked(shop, send, moment):
    """`asked(user, n, **more)` stores interactions of a user, a minute ago, and makes their days anew."""

    def asked(user_id, number=1, **more):
        item = {"query": "q", "answer": "a", "user_id": user_id, "asked_at": moment(60), **more}
        send(shop, "interactions", *(item for _ in range(number)))
        refresh()

    return asked


def text_of(client, path, **query):
    answer = client.get(path, {"project": "shop", **query})
    assert answer.status_code == 200
    return answer.content.decode()


def ids(client, **query):
    return [row["one"].user_id for row in client.get(USERS, {"project": "shop", **query}).context["rows"]]


def test_an_empty_list_says_what_will_be_here(admin_client, shop):
    assert "user_id" in text_of(admin_client, USERS)


def test_the_list_adds_up_and_sorts(admin_client, asked):
    asked("many", 3, latency_ms=100, cost_usd="0.01")
    asked("dear", 1, latency_ms=7_000, cost_usd="2")
    asked("bad", 2, status="error")
    assert ids(admin_client) == ["many", "bad", "dear"]
    assert ids(admin_client, sort="cost")[0] == "dear"
    assert ids(admin_client, sort="latency")[0] == "dear"
    assert ids(admin_client, sort="errors")[0] == "bad"
    assert ids(admin_client, sort="nonsense", range="nonsense") == ["many", "bad", "dear"]
    assert "3 users asked 6 times for $2.03" in text_of(admin_client, USERS)


def test_tokens_that_nobody_told_are_no_zero(admin_client, asked):
    asked("plain")
    assert "No tokens were counted." in text_of(admin_client, USER, id="plain")
    asked("fresh", input_tokens=7, output_tokens=2)
    assert "in 7 · out 2 · cached unknown" in text_of(admin_client, USER, id="fresh")
    asked("cached", input_tokens=7, cached_tokens=0)
    assert "in 7 · out – · cached 0" in text_of(admin_client, USER, id="cached")


def test_who_costs_many_times_the_median_is_marked(admin_client, asked):
    for number in range(20):
        asked(f"u{number}", 1, cost_usd="0.10")
    asked("dear", 1, cost_usd="1")
    text = text_of(admin_client, USERS)
    assert text.count("× median") == 1
    assert "10 × median" in text


def test_with_few_users_there_is_no_median(admin_client, asked):
    asked("u", 1, cost_usd="0.10")
    asked("dear", 1, cost_usd="10")
    text = text_of(admin_client, USERS)
    assert "× median" not in text
    assert "too few users" in text


def test_older_days_are_left_out_of_a_narrow_range(admin_client, asked, moment):
    asked("old", asked_at=moment(5 * 86_400))
    asked("new")
    assert ids(admin_client, range="24h") == ["new"]
    assert ids(admin_client, range="7d") == ["new", "old"]
    assert ids(admin_client, range="all") == ["new", "old"]


def test_a_user_has_figures_charts_habits_and_sessions(admin_client, shop, asked):
    asked("u/1?", 4, session_id="s", latency_ms=250, cost_usd="0.01", confidence=0.8, input_tokens=7, category="billing")
    now = timezone.now()
    events = [
        {"type": "user_feedback", "data": {"sessionId": "s", "rating": 4, "feedbackText": "<i>fine</i>"}},
        {"type": "user_interaction", "data": {"userId": "u/1?", "component": "export", "action": "click"}},
    ]
    store(project_id=shop.id, signal="events", now=now, records=[parse_event(one, now=now) for one in events])
    text = text_of(admin_client, USER, id="u/1?")
    assert "p90 n &lt; 10" in text  # of four values
    for part in ("$0.0400", "0.80", "billing", "export · click", "4.0 of 5", "&lt;i&gt;fine", "1 of 30"):
        assert part in text, part
    assert text.count('class="chart"') == 3


def test_an_unknown_user_is_404(admin_client, asked):
    asked("u")
    for user_id in ("", "nope", "a\x00b"):
        assert admin_client.get(USER, {"project": "shop", "id": user_id}).status_code == 404


def test_a_user_of_another_project_is_404(client, asked, bank):
    asked("u")
    person = User.objects.create_user("ann", is_staff=True)
    Membership.objects.create(user=person, project=bank)
    client.force_login(person)
    assert client.get(USER, {"project": "bank", "id": "u"}).status_code == 404
    assert client.get(USER, {"project": "shop", "id": "u"}).status_code == 404
    assert "u</bdi>" not in client.get(USERS, {"project": "bank"}).content.decode()


def test_a_user_of_long_ago_is_known_and_says_so(admin_client, asked, moment):
    asked("u", asked_at=moment(90 * 86_400))
    text = text_of(admin_client, USER, id="u")
    assert "Nothing was asked in this time. The last interaction was" in text


@pytest.mark.parametrize("query", [{"since": "never"}, {"since": "1970-01-01", "until": "8999-01-01"}, {"range": "all"}])
def test_a_strange_window_does_no_harm(admin_client, asked, query):
    asked("u", cost_usd="1")
    text_of(admin_client, USER, id="u", **query)


def test_an_older_window_is_read_however_much_was_asked_since(admin_client, asked, moment, monkeypatch):
    monkeypatch.setattr("interactions.admin.user_page.MOST_ROWS", 5)
    asked("u", 3, asked_at=moment(20 * 86_400))
    asked("u", 10)
    answer = admin_client.get(USER, {"project": "shop", "id": "u", "since": moment(21 * 86_400), "until": moment(86_400)})
    assert (answer.context["figures"]["requests"], answer.context["is_cut"]) == (3, False)
    assert answer.context["habits"].requests == 5
    text = answer.content.decode()
    assert "asked very often" not in text
    assert "of these the latest 5 interactions" in text


def test_only_an_owner_is_asked_whether_to_erase_with_the_count(client, admin_client, asked, shop):
    asked("u", 3)
    text = text_of(admin_client, USER, id="u")
    assert "3 interactions in 3 traces" in text
    assert "kind=user&amp;subject=u" in text
    person = User.objects.create_user("ann", is_staff=True)
    Membership.objects.create(user=person, project=shop)
    client.force_login(person)
    assert "Erase this user" not in text_of(client, USER, id="u")


def test_the_erasure_s_form_is_filled_in(admin_client, shop):
    answer = admin_client.get("/admin/interactions/erasure/add/", {"project": "shop", "kind": "user", "subject": "u-7"})
    assert 'value="u-7"' in answer.content.decode()


def test_both_pages_ask_as_often_for_three_as_for_300(admin_client, shop, asked, send, moment):
    counts = []
    for number in (3, 300):
        send(shop, "interactions", *({"query": "q", "user_id": f"u{n}", "asked_at": moment(60)} for n in range(number)))
        asked("one", number, session_id=f"s{number}", cost_usd="1")
        with CaptureQueriesContext(connection) as queries:
            text_of(admin_client, USERS)
            text_of(admin_client, USER, id="one")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_window_of_too_many_days_is_shortened_and_says_so(admin_client, asked, moment, monkeypatch):
    monkeypatch.setattr("interactions.reading.users.MOST_ROWS", 1)
    asked("old", asked_at=moment(2 * 86_400))
    asked("new")
    assert ids(admin_client) == ["new"]
    first = (timezone.now() - timedelta(days=1)).date()
    assert f"since {first.day}" in text_of(admin_client, USERS)
