"""GET /api/v1/events: filters, pages, and nothing of another project."""

import pytest
from django.test import Client

from interactions.models import Event
from interactions.reading.events import SORTED_TIME

PATH = "/api/v1/events"
KEYS = ("event_id", "type", "component", "action", "trace_id", "session_id", "user_id")
pytestmark = pytest.mark.django_db


@pytest.fixture
def six(send):
    rows = [
        {
            "id": str(number),
            "type": "vector.search" if number % 2 else "chat.start",
            "occurred_at": f"2026-01-01T00:00:0{number // 2}Z",
            "session_id": f"s{number // 3}",
            "user_id": "u" if number == 5 else "",
            "component": "retriever" if number == 3 else "",
            "trace_id": "4BF92F35-77B34DA6A3CE929D0E0E4736" if number == 4 else "",
            "data": {"n": number},
        }
        for number in range(6)
    ]
    assert send(PATH, rows)[0] == 207


def ids(page):
    return "".join(row["event_id"] for row in page["results"])


def pages(read, **parameters):
    found, cursor = [], ""
    while cursor is not None:
        _, page = read(PATH, cursor=cursor, **parameters)
        found.append(ids(page))
        cursor = page["next"]
    return found


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, "543210"),
        ({"type": "chat.start"}, "420"),
        ({"session_id": "s1", "type": "vector.search"}, "53"),
        ({"user_id": "u"}, "5"),
        ({"component": "retriever"}, "3"),
        ({"action": "none"}, ""),
        ({"trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}, "4"),
        ({"since": "2026-01-01T00:00:01Z", "until": "2026-01-01T00:00:02Z"}, "32"),
    ],
)
def test_filters(six, read, parameters, expected):
    assert ids(read(PATH, **parameters)[1]) == expected


def test_the_events_of_a_trace_are_found_by_their_own_index(project, store):
    rows = Event.objects.filter(project=project, trace_id="t").order_by(SORTED_TIME.asc(), "id")
    assert store == "postgresql" or "event_by_trace" in rows.explain()


def test_pages_follow_each_other_also_between_events_of_one_moment(six, read):
    assert pages(read, limit=3) == ["543", "210"]
    assert pages(read, limit=1) == list("543210")


def test_a_page_that_ends_early_leads_on(six, read, monkeypatch):
    monkeypatch.setattr("interactions.reading.events.REACH", 2)
    assert pages(read, component="retriever") == ["", "3", "", ""]


def test_a_row_says_whose_it_is_and_what_it_carried(six, read):
    row = read(PATH, component="retriever")[1]["results"][0]
    assert [row[key] for key in KEYS] == ["3", "vector.search", "retriever", None, None, "s1", None]
    assert (row["data"], row["occurred_at"][:19]) == ({"n": 3}, "2026-01-01T00:00:01")


def test_more_data_than_an_answer_carries_is_a_note(six, read, monkeypatch):
    monkeypatch.setattr("interactions.reading.events.MAX_DATA_CHARS", 10)
    data = [row["data"] for row in read(PATH)[1]["results"]]
    assert data[0] == {"n": 5}
    assert data[-1]["cut"] is True


@pytest.mark.parametrize(
    ("name", "value"), [("since", "zzz"), ("limit", "0"), ("cursor", "###"), ("type", "a\x00"), ("model", "m")]
)
def test_a_bad_parameter_is_named(read, name, value):
    status, answer = read(PATH, **{name: value})
    assert (status, answer["error"]["field"]) == (400, name)


def test_events_of_another_project_are_not_there(six):
    from observatory.projects.keys import create_key
    from observatory.projects.models import Project

    foreign = create_key(project=Project.objects.create(slug="bank", name="Bank"), scopes=["read"])[1]
    answer = Client().get(PATH, HTTP_AUTHORIZATION=f"Bearer {foreign}").json()
    assert answer == {"results": [], "next": None}
