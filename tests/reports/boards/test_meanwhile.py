"""Two people edit, or delete, the same board: nobody's work is lost in silence, and nothing deleted comes back."""

import html
import re

import pytest

from reports.models import Board

URL = "/admin/reports/board/compose/"


def post(client, board, **form):
    form = {"title": "Mornings", "panel": ["requests"], "version": board.version, **form}
    return client.post(f"{URL}?project=shop&board={board.pk}", form)


def version_in(answer):
    return re.findall(r'name="version" value="(\d+)"', answer.content.decode())


@pytest.fixture
def other(client_of):
    return client_of("owner")


def test_who_saves_last_is_told_what_came_between(editor, other, board):
    assert post(other, board, panel=["activity"]).status_code == 302
    answer = post(editor, board, title="My mornings", panel=["requests"])
    text = html.unescape(answer.content.decode())
    assert "The board was changed meanwhile by owner: look at it again." in text
    assert 'value="My mornings"' in text
    assert 'name="panel" value="requests"' in text
    assert version_in(answer) == ["2"]
    assert Board.objects.get().panels == [{"panel": "activity"}]


def test_saved_once_more_it_takes_the_place(editor, other, board):
    post(other, board, panel=["activity"])
    (version,) = version_in(post(editor, board))
    assert post(editor, board, version=version).status_code == 302
    assert (Board.objects.get().panels, Board.objects.get().version) == ([{"panel": "requests"}], 3)


def test_the_form_and_its_buttons_carry_the_version(editor, board):
    assert version_in(editor.get(URL, {"project": "shop", "board": board.pk})) == ["1"]
    assert version_in(post(editor, board, do="add:activity")) == ["1"]
    assert version_in(editor.get(URL, {"project": "shop"})) == []


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "²"])
def test_without_a_version_nothing_is_replaced(editor, board, version):
    answer = post(editor, board, version=version)
    assert answer.status_code == 200
    assert "The board was changed meanwhile: look at it again." in answer.content.decode()
    assert Board.objects.get().version == 1


def test_a_board_that_was_deleted_meanwhile_stays_deleted(editor, board, monkeypatch):
    from reports import admin

    keep = admin.save

    def save(found, draft):
        Board.objects.all().delete()
        return keep(found, draft)

    monkeypatch.setattr(admin, "save", save)
    assert post(editor, board).status_code == 404
    assert not Board.objects.exists()
