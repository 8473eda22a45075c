"""The list of boards, one board, its files, and deleting it."""

import csv
import io
import re
import zipfile

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from observatory.projects.models import Project
from reports.boards import BOARDS
from reports.models import Board
from tests.pages import inline_code

ROOT = "/admin/reports/board/"


def titles_on(text):
    return re.findall(r'<h2 id="title-[^>]*>([^<]*)</h2>', text)


def test_the_list_shows_boards_by_their_questions(client_of, board):
    text = client_of("viewer").get(ROOT, {"project": "shop"}).content.decode()
    assert "Mornings" in text
    assert "How much is asked?" in text
    assert all(one.title in text for one in BOARDS.values())
    assert "Compose a board" not in text
    assert "Compose a board" in client_of("editor").get(ROOT, {"project": "shop"}).content.decode()


def test_a_board_shows_its_panels_and_names_those_that_are_gone(client_of, board):
    text = client_of("viewer").get(f"{ROOT}view/", {"project": "shop", "board": board.pk}).content.decode()
    assert "<code>gone</code>" in text
    assert re.search(r'board-panel half" id="panel-requests"', text)
    assert re.search(r'board-panel whole" id="panel-metric:', text)
    assert set(inline_code(text)) <= {"script"}  # the data of charts
    assert "Edit" not in re.findall(r"<header class=\"bar\">.*?</header>", text, re.DOTALL)[0]


@pytest.mark.parametrize("name", BOARDS)
@pytest.mark.parametrize("query", [{}, {"range": "30d"}, {"model": "gpt", "environment": "prod"}], ids=str)
def test_every_declared_board_says_why_it_is_empty(client_of, shop, name, query):
    answer = client_of("viewer").get(f"{ROOT}view/", {"project": "shop", "name": name, **query})
    assert answer.status_code == 200
    assert len(titles_on(answer.content.decode())) >= len(BOARDS[name].panels) - 1


def test_what_users_write_is_shown_and_never_run(client_of, shop):
    from django.utils import timezone

    from feedback.models import Source
    from feedback.scores import Verdict, write

    now = timezone.now()
    hostile = "</script><script>alert(1)</script>"
    verdict = Verdict("v1", Source.USER, "rating", now, value=1, comment=hostile, model=hostile, trace_id="ab" * 16)
    write(shop.pk, [verdict], now=now)
    text = client_of("viewer").get(f"{ROOT}view/", {"project": "shop", "name": "feedback"}).content.decode()
    assert text.count("&lt;script&gt;alert(1)") >= 2
    assert set(inline_code(text)) <= {"script"}  # the data of charts


def test_a_link_keeps_the_narrowing_and_the_time(client_of, board):
    asked = {"project": "shop", "board": board.pk, "model": "m&1", "range": "1h"}
    text = client_of("viewer").get(f"{ROOT}view/", asked).content.decode()
    moving, exact = re.findall(r'id="share-(?:moving|exact)"[^>]*>([^<]*)<', text)
    assert f"board={board.pk}&amp;model=m%261&amp;range=1h" in moving
    assert re.search(r"model=m%261&amp;since=\d{4}-.*&amp;until=\d{4}-", exact)


def test_the_figures_come_as_one_file_a_panel(client_of, board):
    answer = client_of("viewer").get(f"{ROOT}board.zip", {"project": "shop", "board": board.pk, "range": "24h"})
    assert answer.headers["Content-Type"] == "application/zip"
    assert re.search(r'filename="Mornings_\d{8}T\d{4}.zip"', answer.headers["Content-Disposition"])
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == ["01_How_much_is_asked.csv", "02_Interactions_cost_by_model.csv"]
    assert list(csv.reader(io.StringIO(archive.read("02_Interactions_cost_by_model.csv").decode())))


def test_a_time_that_is_none_is_refused_with_its_reason(client_of, board):
    client, asked = client_of("viewer"), {"project": "shop", "board": board.pk, "since": "x"}
    assert client.get(f"{ROOT}board.zip", asked).status_code == 400
    assert 'role="alert"' in client.get(f"{ROOT}view/", asked).content.decode()


def test_deleting_asks_first(editor, board):
    url = f"{ROOT}remove/?project=shop&board={board.pk}"
    assert "Mornings" in editor.get(url).content.decode()
    assert Board.objects.exists()
    assert editor.post(url).status_code == 302
    assert not Board.objects.exists()


def test_viewers_delete_nothing(client_of, board):
    url = f"{ROOT}remove/?project=shop&board={board.pk}"
    assert client_of("viewer").post(url).status_code == 403
    assert client_of("stranger").post(url).status_code == 404
    assert Board.objects.exists()


def test_unknown_and_foreign_boards_look_alike(editor, board):
    theirs = Board.objects.create(
        project=Project.objects.create(slug="bank", name="Bank"), title="Secret", panels=["requests"]
    )
    for page in ("view/", "compose/", "remove/", "board.zip"):
        for wanted in (theirs.pk, 10**18, 10**30, "x", "", "-1", "１", "a\x00b"):
            asked = {"project": "shop", "board": wanted}
            assert editor.get(f"{ROOT}{page}", asked).status_code == 404, (page, wanted)
    for name in ("", "nope", "a\x00b"):
        assert editor.get(f"{ROOT}view/", {"project": "shop", "name": name}).status_code == 404
    assert editor.get(f"{ROOT}{theirs.pk}/change/").status_code == 404
    assert editor.get(f"{ROOT}{board.pk}/change/").headers["Location"].endswith(f"board={board.pk}")


def test_the_list_asks_as_often_for_many_boards(client_of, shop):
    client, user = client_of("viewer"), User.objects.create(username="maker")

    def queries(number):
        Board.objects.bulk_create(
            Board(project=shop, title=f"{number} {one}", panels=["requests"], created_by=user) for one in range(number)
        )
        with CaptureQueriesContext(connection) as asked:
            assert client.get(ROOT, {"project": "shop"}).status_code == 200
        return len(asked)

    assert queries(3) == queries(150)
