"""Each kind of chart is drawn in the worker, by the Vega of the browser."""

import math
import re
from xml.etree import ElementTree

import pytest

from observatory.charts.colours import LEGEND_PX
from observatory.charts.columns import column_chart
from observatory.charts.drawing import svg
from observatory.charts.lines import line_chart
from tests.charts.charts import END, START, every_kind, line, say

KINDS = every_kind()


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_becomes_an_svg_of_its_width(kind):
    drawn = ElementTree.fromstring(svg(KINDS[kind], width=420))
    assert drawn.attrib["width"] == "420"
    assert len(list(drawn.iter("{http://www.w3.org/2000/svg}path"))) > 5
    assert not list(drawn.iter("{http://www.w3.org/2000/svg}script"))


def test_columns_stay_within_their_plot():
    """The first step begins before the time that is shown, and the last one goes on after it."""
    drawn = svg(column_chart([line("a", 1, 1, 1, 1, 1)], start=START, end=END, unit="1", say=say, description=""), width=400)
    columns = re.findall(r'aria-roledescription="rect mark"[^>]* d="M([\d.]+),[\d.]+h([\d.]+)', drawn)
    assert len(columns) == 5
    widths = [float(width) for _, width in columns]
    assert float(columns[0][0]) == 0
    assert widths[0] == pytest.approx(widths[1] / 2, rel=0.01)
    assert widths[4] < widths[1]
    assert float(columns[4][0]) + widths[4] <= 400


def test_dashes_are_in_the_legend_too():
    assert svg(KINDS["lines"], width=420).count('stroke-dasharray="4,2"') == 2  # the line and its name


@pytest.mark.parametrize(("unit", "tick"), [("bytes/s", "100 kB/s"), ("bytes", "100 kB")])
def test_a_unit_stands_apart_from_its_number(unit, tick):
    drawn = svg(line_chart([line("a", 1e5, 2e5)], start=START, end=END, unit=unit, say=say, description=""), width=400)
    assert f">{tick}<" in drawn


def test_a_legend_of_many_names_is_not_cut_off():
    names = [f"a-model-with-a-long-name-{place}" for place in range(7)]
    lines = [line(name, 1, 1, 1, 1, 1) for name in names]
    chart = column_chart(lines, start=START, end=END, unit="1", say=say, description="")
    heights = [int(ElementTree.fromstring(svg(chart, width=width)).attrib["height"]) for width in (200, 1_200)]
    rows = [math.ceil(len(names) / max(1, width // LEGEND_PX)) for width in (200, 1_200)]
    assert heights[0] - heights[1] >= (rows[0] - rows[1]) * 14 - 1
