"""A trace by keys: the next interaction, walking and folding the tree, sentences that light up their passages; the veil."""

import re

import pytest

from interactions.models import Interaction
from tests.browser.conftest import NARROW

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]
LIST = "interactions/interaction/"


@pytest.fixture
def trace(site, page):
    """The page of the newest trace of the demo with a tree and a sentence from a passage: one of twenty has none."""
    found = Interaction.objects.filter(project=site.team.ours, span_count__gte=6, is_error=False)
    for one in found.exclude(answer_preview="").order_by("-asked_at"):
        page.goto(site.admin(f"{LIST}{one.pk}/change/"))
        if page.locator(".claims a.cite").count():
            return page
    raise LookupError("no answer of the demo is from its passages")


def test_j_and_k_lead_to_the_older_and_the_newer_one_of_the_same_list(site, page):
    page.goto(site.admin(LIST, "project=ours&range=7d&status=ok"))
    page.locator("table a.cover").nth(1).click()
    page.wait_for_url(re.compile(r"/change/\?.*in="))
    first = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != first)
    assert "in=" in page.url
    page.keyboard.press("k")
    page.wait_for_url(first)
    page.get_by_role("link", name="Interactions (filtered)").click()
    page.wait_for_url(re.compile("status=ok"))


def test_where_there_are_no_keys_none_is_named(site, trace):
    keys = trace.locator("kbd:visible")
    assert keys.count() > 3
    trace.set_viewport_size(NARROW)
    assert keys.count() == 0
    trace.goto(site.admin(LIST))
    assert keys.count() == 0


def test_a_key_with_ctrl_is_the_browser_s_own(trace):
    before = trace.url
    trace.keyboard.press("Control+Shift+J")
    assert trace.url == before


def test_arrows_walk_and_fold_the_tree(trace):
    rows = trace.locator("a[data-span]")
    number = rows.count()
    rows.first.focus()
    trace.keyboard.press("ArrowDown")
    assert rows.nth(1).evaluate("row => row === document.activeElement")
    trace.keyboard.press("ArrowUp")
    trace.keyboard.press("ArrowLeft")
    assert trace.locator(".waterfall li:visible").count() == 1
    assert trace.locator("[data-twist]").first.get_attribute("aria-expanded") == "false"
    trace.keyboard.press("ArrowRight")
    assert trace.locator(".waterfall li:visible").count() == number


def test_what_was_folded_further_down_stays_folded(trace):
    twists = trace.locator("[data-twist]")
    twists.nth(1).click()
    some = trace.locator(".waterfall li:visible").count()
    twists.first.click()
    assert trace.locator(".waterfall li:visible").count() == 1
    twists.first.click()
    assert trace.locator(".waterfall li:visible").count() == some


def test_a_sentence_lights_up_its_passages_and_the_reverse(trace):
    cite = trace.locator(".claims a.cite").first
    cite.focus()
    trace.locator("h1").hover()  # a pointer that rests on nothing leaves it lit
    assert trace.locator("li[data-passage].lit").count() == 1
    assert trace.locator(".claim.lit").count() == 1
    place = trace.locator("li[data-passage].lit").get_attribute("data-passage")
    cite.blur()
    assert trace.locator(".lit").count() == 0
    trace.locator(f"li[data-passage='{place}']").hover()
    assert trace.locator(".claim.lit").count() >= 1
    trace.locator("h1").hover()
    assert trace.locator(".lit").count() == 0


def test_the_veil_blurs_texts_and_is_kept(trace):
    trace.get_by_label("Your account").click()
    trace.get_by_role("button", name="Veil texts and ids").click()
    blurred = "one => getComputedStyle(one).filter"
    assert "blur" in trace.locator(".claims").evaluate(blurred)
    trace.reload()
    assert "blur" in trace.locator(".claims").evaluate(blurred)
    trace.get_by_label("Your account").click()
    trace.get_by_role("button", name="Show texts and ids").click()
    assert trace.locator(".claims").evaluate(blurred) == "none"
