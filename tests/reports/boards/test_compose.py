"""Composing a board: by buttons that send the form, so that it works without any script."""

import html
import re

import pytest
from django.contrib.admin.models import LogEntry

from reports.composing import MAX_PANELS
from reports.models import Board
from tests.pages import inline_code

URL = "/admin/reports/board/compose/"
COST = "metric:interactions.cost?by=model"


def compose(client, **form):
    query = {"project": "shop", **({"board": form.pop("board")} if "board" in form else {})}
    return client.post(f"{URL}?{'&'.join(f'{name}={value}' for name, value in query.items())}", form)


def panels_on(answer):
    """The panels of the form as it came back, in order."""
    text = answer.content.decode().partition('id="chosen"')[2].partition("<template")[0]
    return [html.unescape(name) for name in re.findall(r'name="panel" value="([^"]*)"', text)]


def problems_on(answer):
    return re.findall(r'class="field-error"[^>]*role="alert">([^<]*)<', answer.content.decode())


def test_a_board_is_composed_and_shown(editor, shop):
    answer = compose(editor, title="Mornings", default_range="7d", panel=["requests", COST], width=["third", ""])
    board = Board.objects.get()
    assert answer.headers["Location"].endswith(f"/view/?project=shop&board={board.pk}")
    assert (board.title, board.default_range, board.created_by.username) == ("Mornings", "7d", "editor")
    assert board.panels == [{"panel": "requests", "width": "third"}, {"panel": COST}]
    page = editor.get(answer.headers["Location"]).content.decode()
    assert "Interactions cost, by model" in page
    assert "is saved" in page
    assert LogEntry.objects.get().object_id == str(board.pk)


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("up:1", ["b", "a", "c"]),
        ("down:1", ["a", "c", "b"]),
        ("up:0", ["a", "b", "c"]),
        ("down:2", ["a", "b", "c"]),
        ("remove:1", ["a", "c"]),
        ("add:errors_latest", ["a", "b", "c", "errors_latest"]),
        ("up:9", ["a", "b", "c"]),
        ("down:x", ["a", "b", "c"]),
        ("nonsense", ["a", "b", "c"]),
    ],
)
def test_buttons_change_the_form_and_store_nothing(editor, shop, act, expected):
    names = {"a": "requests", "b": "activity", "c": COST}
    answer = compose(editor, title="T", panel=list(names.values()), width=["", "", ""], do=act)
    assert panels_on(answer) == [names.get(one, one) for one in expected]
    assert not Board.objects.exists()


def test_widths_move_with_their_panels(editor, shop):
    answer = compose(editor, title="T", panel=["requests", "activity"], width=["third", "whole"], do="up:1")
    text = answer.content.decode().partition('id="chosen"')[2].partition("<template")[0]
    assert re.findall(r'value="(\w+)" selected', text) == ["whole", "third"]


def test_a_metric_becomes_a_panel(editor, shop):
    chosen = {"metric_name": "interactions.latency", "metric_by": "model", "metric_figure": "p99"}
    answer = compose(editor, title="T", do="metric", metric_label="environment", metric_value="prod & co", **chosen)
    (name,) = panels_on(answer)
    assert name == "metric:interactions.latency?by=model&where=environment:prod+%26+co&figure=p99"
    assert "Interactions latency, p99, by model, only environment prod &amp; co" in answer.content.decode()


@pytest.mark.parametrize(
    ("chosen", "problem"),
    [
        ({}, "Choose a metric."),
        ({"metric_name": "nope"}, "Choose a metric."),
        ({"metric_by": "kind"}, "has no label kind; it has model, model_version, environment."),
        ({"metric_label": "model"}, "choose a label and give its value"),
        ({"metric_value": "x"}, "choose a label and give its value"),
        ({"metric_figure": "share"}, "has no figure share; it has p50"),
        ({"metric_label": "model", "metric_value": "x" * 201}, "too long"),
        ({"metric_label": "model", "metric_value": "a\x00b"}, "too long"),
    ],
)
def test_a_metric_that_cannot_be_asked_so_is_a_problem(editor, shop, chosen, problem):
    chosen = {"metric_name": "interactions.latency", **chosen} if chosen else {}
    answer = compose(editor, title="T", do="metric", **chosen)
    assert panels_on(answer) == []
    assert problem in html.unescape(" ".join(problems_on(answer)))


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"title": "", "panel": ["requests"]}, "A board needs a title."),
        ({"title": "x" * 121, "panel": ["requests"]}, "at most 120"),
        ({"title": "a\x00b", "panel": ["requests"]}, "at most 120"),
        ({"title": "Mornings", "panel": ["requests"]}, "Another board"),
        ({"title": "T"}, "at least one panel"),
        ({"title": "T", "panel": ["gone", "a\x00b"]}, "at least one panel"),
        ({"title": "T", "panel": ["requests", "requests"]}, "twice"),
        ({"title": "T", "panel": ["requests"] * (MAX_PANELS + 5)}, f"at most {MAX_PANELS}"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(editor, board, form, problem):
    answer = compose(editor, **form)
    assert answer.status_code == 200
    assert problem in html.unescape(" ".join(problems_on(answer)))
    assert Board.objects.count() == 1


def test_a_board_is_edited_and_keeps_its_title(editor, board):
    page = editor.get(URL, {"project": "shop", "board": board.pk}).content.decode()
    assert "No longer declared" in page
    assert 'value="Mornings"' in page
    assert compose(editor, board=board.pk, version=1, title="Mornings", panel=["activity"]).status_code == 302
    board.refresh_from_db()
    assert (board.panels, board.default_range) == ([{"panel": "activity"}], "24h")


def test_a_declared_board_is_a_start(editor, shop):
    answer = editor.get(URL, {"project": "shop", "copy": "resources"})
    assert "machines" in panels_on(answer)
    assert 'value="Resources (copy)"' in answer.content.decode()


def test_a_link_brings_a_panel_along(editor, shop):
    assert panels_on(editor.get(URL, {"project": "shop", "add": COST})) == [COST]
    page = editor.get("/admin/metrics/series/metric/", {"project": "shop", "name": "interactions.cost", "by": "model"})
    (link,) = re.findall(r'href="(/admin/reports/board/compose/[^"]*)"', page.content.decode())
    assert panels_on(editor.get(html.unescape(link))) == [COST]
    assert "There is no panel" in problems_on(editor.get(URL, {"project": "shop", "add": "<b>"}))[0]


def test_a_panel_can_be_added_to_a_board_there_is(editor, board):
    page = editor.get(URL, {"project": "shop", "add": "activity"}).content.decode()
    (link,) = re.findall(r'<a href="([^"]*)"><bdi class="observed">Mornings<', page)
    assert panels_on(editor.get(html.unescape(link)))[-1] == "activity"
    assert (
        "is on the board already"
        in problems_on(editor.get(URL, {"project": "shop", "board": board.pk, "add": "requests"}))[0]
    )


def test_the_title_that_another_took_meanwhile_is_a_problem(editor, board, monkeypatch):
    monkeypatch.setattr("reports.admin.compose_page._is_taken", lambda *_: False)
    answer = compose(editor, title="Mornings", panel=["requests"])
    assert "Another board" in problems_on(answer)[0]


def test_the_form_is_safe_from_what_is_typed(editor, shop):
    hostile = "<script>alert(1)</script>"
    form = {"title": hostile, "panel": [hostile, f"metric:interactions.cost?where=model:{hostile}"], "metric_value": hostile}
    answer = compose(editor, do="metric", **form)
    assert hostile not in answer.content.decode()
    assert inline_code(answer.content.decode()) == []


def test_viewers_look_and_strangers_see_nothing(client_of, board):
    viewer, stranger = client_of("viewer"), client_of("stranger")
    for client, status in ((viewer, 403), (stranger, 404)):
        assert client.get(URL, {"project": "shop"}).status_code == status
        assert compose(client, title="T", panel=["requests"]).status_code == status
        assert compose(client, board=board.pk, title="T", panel=["requests"]).status_code == status
    assert Board.objects.get().title == "Mornings"
