"""Links of panels lead to pages that there are, with the project and the time of the page that shows them."""

import pytest
from django.urls import resolve

from reports.links import PAGES, address
from reports.panels.content import Link

FRAME = {"project": "shop", "range": "7d"}


@pytest.mark.parametrize("page", PAGES)
def test_every_page_exists(page):
    path, _, query = address(Link(page, {"id": "a"}), FRAME).partition("?")
    assert resolve(path).url_name == PAGES[page].removeprefix("admin:")
    assert query == "project=shop&range=7d&id=a"


def test_a_link_with_a_time_of_its_own_does_not_take_that_of_the_page():
    assert address(Link("interactions", {"since": "2026-03-01"}), FRAME).endswith("?project=shop&since=2026-03-01")
