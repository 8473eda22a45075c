"""A user or a session who was erased stands on no board any more."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.utils import timezone

from interactions.erasure import scrub
from interactions.erasure.requests import request_erasure
from interactions.erasure.run import erase_waiting
from interactions.models import SavedView
from observatory.projects.models import Project
from reports.models import Board

ALICE = "alice@example.com"
THEIRS = ("interactions:user_id=alice%40example.com", "interactions:q=Alice%40Example.com+refund")
OTHERS = (
    "requests",
    "interactions:user_id=malice%40example.com",
    "metric:interactions.latency?where=model:gpt-4o&figure=p95",
)


def erase(project, subject=ALICE, kind="user"):
    erasure = request_erasure(project=project, kind=kind, subject=subject, by="test", now=timezone.now())
    erase_waiting(now=timezone.now())
    erasure.refresh_from_db()
    assert erasure.status == "done", erasure.reason
    return erasure


def of(*names):
    return [{"panel": name} for name in names]


def test_panels_that_name_the_user_go_and_others_stay(editor, shop):
    board = Board.objects.create(project=shop, title="Care", panels=of(*THEIRS, *OTHERS))
    untouched = Board.objects.create(project=shop, title="Others", panels=of(*OTHERS))
    assert erase(shop).counts["boards"] == 1
    board.refresh_from_db()
    untouched.refresh_from_db()
    assert (board.panels, board.version, board.title) == (of(*OTHERS), 2, "Care")
    assert (untouched.panels, untouched.version) == (of(*OTHERS), 1)
    assert ALICE not in editor.get("/admin/reports/board/?project=shop").content.decode().replace("malice@", "")


@pytest.mark.parametrize(
    ("kind", "subject", "name"),
    [
        ("session", "s-1", "interactions:session_id=s-1&status=error"),
        ("user", "o'neil & co", "metric:interactions.count?where=environment:o%27neil+%26+co"),
        ("user", "小明", "interactions:q=%E5%B0%8F%E6%98%8E%E7%9A%84"),
    ],
)
def test_an_id_is_found_however_it_is_written(shop, kind, subject, name):
    board = Board.objects.create(project=shop, title="Care", panels=of(name, "requests"))
    erase(shop, subject, kind)
    board.refresh_from_db()
    assert board.panels == of("requests")


def test_a_short_id_takes_no_number_and_no_word_of_a_filter(shop):
    panels = of(
        "interactions:min_cost_usd=5&status=error", "interactions:user_id=15", "metric:interactions.latency?figure=p95"
    )
    board = Board.objects.create(project=shop, title="Top 15", panels=panels)
    for subject in ("5", "error", "model", "1"):
        erase(shop, subject)
    board.refresh_from_db()
    assert (board.panels, board.title) == (panels, "Top 15")


def test_a_title_that_names_the_user_goes_from_the_board_and_its_history(editor, shop):
    form = {"title": f"All of {ALICE}", "panel": ["requests"]}
    editor.post("/admin/reports/board/compose/?project=shop", form)
    board = Board.objects.get()
    Board.objects.create(project=shop, title=f"Board {board.pk}", panels=of("requests"))
    erase(shop)
    board.refresh_from_db()
    assert board.title.startswith("Board ")
    assert ALICE not in LogEntry.objects.get().object_repr
    assert editor.get("/admin/reports/board/view/", {"project": "shop", "board": board.pk}).status_code == 200


def test_a_board_that_is_left_without_panels_can_be_looked_at(editor, shop):
    board = Board.objects.create(project=shop, title="Care", panels=of(*THEIRS))
    erase(shop)
    for page in ("", "view/", "compose/"):
        answer = editor.get(f"/admin/reports/board/{page}", {"project": "shop", "board": board.pk})
        assert answer.status_code == 200
        assert ALICE not in answer.content.decode()


def test_boards_of_another_project_stay_as_they_are(shop):
    bank = Project.objects.create(slug="bank", name="Bank")
    board = Board.objects.create(project=bank, title=ALICE, panels=of(*THEIRS))
    assert "boards" not in erase(shop).counts
    board.refresh_from_db()
    assert (board.title, board.panels) == (ALICE, of(*THEIRS))


@pytest.mark.django_db(transaction=True)
def test_postgresql_cleans_the_tables_of_views_and_boards(shop):
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        scrub.scrub()
    (vacuum,) = [one["sql"] for one in asked.captured_queries if one["sql"].startswith("VACUUM")]
    tables = {model._meta.db_table for model in (SavedView, Board, LogEntry)}
    assert connection.vendor != "postgresql" or all(table in vacuum for table in tables)
