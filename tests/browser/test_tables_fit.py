"""Tables give names the room that numbers do not need: nothing is cut off, and a name is a line."""

import pytest

from tests.browser.conftest import WIDE

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.usefixtures("demo")]
CUT = """() => [...document.querySelectorAll(".table-box")].filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => one.closest("section").id)"""
LINES = """() => [...document.querySelectorAll("#panel-cost_models tbody td:first-child .observed")].map(
  (one) => Math.round(one.getBoundingClientRect().height / parseFloat(getComputedStyle(one).lineHeight)))"""


def test_no_table_of_costs_is_cut_off_and_models_are_lines(site, page):
    page.set_viewport_size(WIDE)
    page.goto(site.admin("reports/board/view/", "project=ours&name=cost&range=7d"), timeout=60_000)
    assert page.evaluate(CUT) == []
    lines = page.evaluate(LINES)
    assert len(lines) > 3
    assert set(lines) == {1}
