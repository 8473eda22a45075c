"""Who may open the live page, its stream and its figures."""

import json

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from observatory.projects.models import Membership, Project
from reports.live.doors import may_still_look
from tests.pages import inline_code

pytestmark = pytest.mark.django_db
PATHS = ("/admin/live/", "/admin/live/snapshot/", "/admin/live/stream/")


@pytest.fixture
def viewing(client, viewer):
    client.force_login(viewer)
    return client


def test_the_page_shows_figures_without_any_script(viewing, ask):
    ask(1, model="<b>m</b>", latency_ms=640)
    html = viewing.get("/admin/live/?project=shop").content.decode()
    assert "640 ms" in html
    assert "&lt;b&gt;m&lt;/b&gt;" in html
    assert "<b>m</b>" not in html
    assert inline_code(html) == []


def test_an_empty_project_says_what_will_be_here(viewing):
    html = viewing.get("/admin/live/?project=shop").content.decode()
    assert "waits for its first interaction" in html
    assert "Show me the command" in html


def test_somebody_without_a_project_is_told_so(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("new", is_staff=True))
    assert "not a member of any project" in client.get("/admin/live/").content.decode()
    assert [client.get(path).status_code for path in PATHS[1:]] == [404, 404]


@pytest.mark.parametrize("path", PATHS)
def test_a_foreign_project_and_an_unknown_one_look_alike(viewing, path):
    Project.objects.create(slug="bank", name="Bank")
    found = [viewing.get(path, {"project": slug}) for slug in ("bank", "nothing")]
    assert [one.status_code for one in found] == [404, 404]
    assert found[0].content == found[1].content


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_led_to_the_login(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, "/admin/login/")


def test_the_figures_can_be_asked_for(viewing, ask):
    for _ in range(5):
        ask(1, latency_ms=640)
    answer = viewing.get("/admin/live/snapshot/?project=shop")
    assert answer.headers["Content-Type"] == "application/json"
    found = json.loads(answer.content)
    assert found["tiles"]["p50"]["value"] == "640 ms"
    assert "no-store" in answer.headers["Cache-Control"]


def test_those_who_ask_within_a_second_share_an_answer(viewing, ask):
    first = viewing.get("/admin/live/snapshot/?project=shop").content
    ask(1)
    assert viewing.get("/admin/live/snapshot/?project=shop").content == first


def test_the_page_shows_what_was_seen_within_a_second(viewing, ask):
    viewing.get("/admin/live/snapshot/?project=shop")
    for _ in range(5):
        ask(1, latency_ms=640)
    assert "640 ms" not in viewing.get("/admin/live/?project=shop").content.decode()


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_posted(viewing, path):
    assert viewing.post(f"{path}?project=shop").status_code == 405


def test_a_stream_without_content_is_refused(viewing):
    assert [viewing.head(f"{path}?project=shop").status_code for path in PATHS] == [200, 200, 405]


def test_a_server_that_cannot_push_says_so(viewing):
    answer = viewing.get("/admin/live/stream/?project=shop")
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert b"".join(answer.streaming_content) == b"event: poll\ndata: {}\n\n"


def test_who_may_still_look(shop, viewing, viewer):
    key = viewing.session.session_key
    assert may_still_look(key, shop.pk)
    assert not may_still_look(key, shop.pk + 1)
    assert not may_still_look("nothing", shop.pk)
    assert not may_still_look(None, shop.pk)


@pytest.mark.parametrize("end", ["membership", "log out", "password", "staff", "inactive"])
def test_who_may_look_no_more(shop, viewing, viewer, end):
    key = viewing.session.session_key
    if end == "membership":
        Membership.objects.all().delete()
    elif end == "log out":
        SessionStore(key).delete()
    elif end == "password":
        viewer.set_password("other")
    else:
        setattr(viewer, {"staff": "is_staff", "inactive": "is_active"}[end], False)
    viewer.save()
    assert not may_still_look(key, shop.pk)


def test_a_session_of_nobody_may_not_look(shop):
    session = SessionStore()
    session[SESSION_KEY] = "999999"
    session.save()
    assert not may_still_look(session.session_key, shop.pk)
