"""What a chart says of its data."""

import json

from django.template import Context, Template

from observatory.charts.lines import A_DOT, NO_VALUES, line_chart
from tests.charts.charts import END, HOSTILE, START, every_kind, line, say


def test_no_specification_has_a_colour_of_its_own():
    for name, chart in every_kind().items():
        assert "#" not in json.dumps({**chart.spec, "data": {}}), name


def test_marks_stack_in_the_order_given():
    rows = [row for row in every_kind()["columns"].rows if row["at"] == "1 Mar 11:00 UTC"]
    assert [(row["name"], row["low"], row["high"]) for row in rows] == [("p50", 0, 2), (HOSTILE, 2, 5)]


def test_a_value_without_neighbours_is_marked_so_that_it_is_seen():
    chart = line_chart([line("a", 1, None, 2, 3, None)], start=START, end=END, unit="ms", say=say, description="")
    assert [row["v"] for row in chart.rows if row.get("is_lone")] == [1]


def test_gaps_and_lone_dots_are_explained_where_there_are_any():
    def note(*values, **more):
        return line_chart([line("a", *values)], start=START, end=END, unit="ms", say=say, description="", **more).note

    assert note(1, 2, 3, 4, None) == ""  # the newest step may have no values yet
    assert note(1, 2, None, 4, 5) == NO_VALUES
    assert note(1, None, 3, 4, 5) == f"{NO_VALUES} {A_DOT}"
    assert note(1, 2, None, 4, 5, gap="Too few.") == "Too few."
    assert note(1, 2, None, 4, 5, gap="") == ""
    page = Template("{% load charts %}{% chart one %}").render(Context({"one": every_kind()["lines"]}))
    assert NO_VALUES in page


def test_a_chart_without_a_value_has_its_ends_and_says_so():
    chart = line_chart([line("p95", None, None)], start=START, end=END, unit="ms", say=say, description="")
    assert chart.note == "No step has enough values to draw."
    assert [end["expr"] for end in chart.spec["encoding"]["x"]["scale"]["domain"]] == ["1772361000000", "1772376000000"]


def test_a_mark_says_itself_and_a_gap_too():
    rows = every_kind()["lines"].rows
    assert (rows[1]["at"], rows[1]["said"], rows[1]["n"]) == ("1 Mar 11:00 UTC", "2 ms", 3)
    assert rows[2]["said"] == "no values"


def test_an_interval_is_shaded_said_and_explained():
    chart = every_kind()["bands"]
    assert [row["said"] for row in chart.rows] == [
        "4 ms (3.8 ms to 4.2 ms)",
        "4.1 ms (3.9 ms to 4.3 ms)",
        "3 ms",
        "no values",
    ]
    assert [row.get("low") for row in chart.rows] == [3.8, 3.9, None, None]
    assert chart.note.startswith("Shaded: the interval of 95 %.")


def test_a_chart_on_a_page_runs_nothing_of_its_labels_and_has_a_table():
    page = Template("{% load charts %}{% chart one '/list/?a=b' %}").render(Context({"one": every_kind()["columns"]}))
    assert HOSTILE not in page
    assert page.count("<script") == page.count('type="application/json"') == 1
    assert "<summary>Table</summary>" in page
    assert 'data-list="/list/?a=b"' in page


def test_the_ticks_of_a_logarithmic_axis_are_round():
    axis = every_kind()["histogram"].spec["layer"][0]["encoding"]["x"]["axis"]
    assert axis["values"] == [10.0, 20.0]
