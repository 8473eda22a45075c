"""A panel as CSV."""

import csv
import io

import pytest

from observatory.projects.models import Project
from reports.export import as_csv, rows_of
from reports.panels.content import Cell, Change, Column, Content, Table, Tile


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", " =1+1", "\0=1"])
def test_a_text_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(text):
    assert list(csv.reader(io.StringIO(as_csv([[text]]), newline=""))) == [[f"'{text}"]]


def test_numbers_and_other_texts_stay_themselves():
    assert as_csv([(-1.5, 0, None, "a=b", "")]) == "-1.5,0,,a=b,\r\n"


def test_tiles_and_tables_become_rows():
    tile = Tile("Cost", "$1", n=3, change=Change("+2 %"), interval="", note="a, b")
    table = Table((Column("Model"), Column("Cost", is_number=True)), [(Cell("=m"), Cell("$1"))])
    rows = list(csv.reader(io.StringIO(as_csv(rows_of(Content(tiles=[tile], table=table))))))
    assert rows[1] == ["Cost", "$1", "3", "'+2 %", "", "a, b", ""]
    assert rows[2:] == [[], ["Model", "Cost"], ["'=m", "$1"]]


def test_a_panel_without_an_answer_tells_its_reason():
    assert list(rows_of(Content(reason="Nothing."))) == [["reason"], ["Nothing."]]


@pytest.fixture
def file(admin_client, keep, interaction):
    keep(interactions=[interaction(place, model="=evil") for place in (1, 2, 3)])
    return lambda **query: admin_client.get("/admin/reports/board/panel.csv", {"project": "shop", **query})


def test_the_rows_of_a_chart_are_exact_times_and_plain_numbers(file):
    answer = file(panel="requests", range="1h")
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith('attachment; filename="requests_')
    assert rows[0] == ["time", "series", "value", "in words", "n"]
    assert sum(float(row[2]) for row in rows[1:]) == 3
    assert rows[1][0].endswith("+00:00")


def test_observed_names_are_safe_in_the_file(file):
    assert "'=evil" in file(panel="metric:interactions.count?by=model").content.decode()


def test_unknown_panels_and_foreign_projects_are_404_and_a_wrong_time_400(file):
    Project.objects.create(slug="bank", name="Bank")
    assert file(panel="nope").status_code == 404
    assert file().status_code == 404
    assert file(panel="requests", project="nowhere").status_code == 404
    assert file(panel="requests", since="nonsense").status_code == 400
