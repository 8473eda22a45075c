"""The list of sessions: its time, its order, and sessions by their id."""

import re

import pytest

from interactions.reading import session_list

SESSIONS = "/admin/interactions/interaction/sessions/"


@pytest.fixture
def three(shop, send, moment):
    rows = (("long-1", 90, {}), ("long-1", 80, {"status": "error"}), ("dear-2", 50, {"cost_usd": "3"}), ("last-3", 10, {}))
    send(
        shop, "interactions", *({"query": "q", "session_id": one, "asked_at": moment(at), **more} for one, at, more in rows)
    )


def page(client, **query):
    answer = client.get(SESSIONS, {"project": "shop", **query})
    assert answer.status_code == 200
    return [row["one"].session_id for row in answer.context.get("rows", ())], answer.content.decode()


def test_sessions_are_sorted_by_what_is_chosen(three, admin_client):
    assert page(admin_client)[0] == ["last-3", "dear-2", "long-1"]
    assert page(admin_client, sort="turns")[0][0] == page(admin_client, sort="errors")[0][0] == "long-1"
    assert page(admin_client, sort="cost")[0] == ["dear-2", "last-3", "long-1"]
    assert page(admin_client, sort="nonsense")[0][0] == "last-3"


def test_a_time_keeps_the_turns_in_it(three, admin_client, moment):
    assert page(admin_client, until=moment(60))[0] == ["long-1"]
    assert page(admin_client, since=moment(85), range="1h")[0] == ["last-3", "dear-2", "long-1"]
    rows, text = page(admin_client, until=moment(3600))
    assert (rows, "No sessions found" in text) == ([], True)
    assert 'role="alert"' in page(admin_client, since="yesterday")[1]
    assert 'role="alert"' in page(admin_client, session_id="a" * 600)[1]


def test_a_session_is_found_by_a_part_of_its_id_and_by_all_of_it_however_old(three, admin_client, monkeypatch):
    assert page(admin_client, session_id="G-1")[0] == ["long-1"]
    monkeypatch.setattr(session_list, "MOST_READ", 1)
    rows, text = page(admin_client)
    assert rows == ["last-3"]
    older = re.search(r'href="([^"]*)" rel="next"', text).group(1).replace("&amp;", "&")
    assert "dear-2" in admin_client.get(SESSIONS + older).content.decode()
    assert page(admin_client, session_id="dear")[0] == []
    assert page(admin_client, session_id="dear-2")[0] == ["dear-2"]
