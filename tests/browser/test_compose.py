"""Composing a board in a browser: by mouse, by keyboard, by dragging, and without any script."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]
COMPOSE = "reports/board/compose/"


def chosen(page):
    """The titles of the panels on the board, in order."""
    return page.locator("#chosen [data-title]").all_inner_texts()


def add(page, group, title):
    summary = page.locator(".compose-group > summary").filter(has_text=re.compile(rf"^\s*{group}\b"))
    if not summary.evaluate("one => one.parentElement.open"):
        summary.click()
    page.get_by_role("button", name=f"Add: {title}").click()


def send(page, name):
    """Press a button that sends the form, and wait for the whole answer."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def test_a_board_is_composed_saved_and_shared(site, page):
    page.goto(site.admin("reports/board/"))
    page.get_by_role("link", name="Compose a board").click()
    page.wait_for_url(re.compile(COMPOSE))  # with its script: without it, each button sends the form
    page.get_by_label("Title").fill("Every morning")
    add(page, "Traffic", "How much is asked?")
    add(page, "Resources", "Where was it tight?")
    assert page.get_by_role("button", name="Add: Where was it tight?").is_disabled()
    page.get_by_text("Any metric", exact=True).click()
    page.get_by_label("Metric", exact=True).select_option("interactions.latency")
    assert page.locator("#metric_by option:not([hidden])").all_inner_texts() == [
        "nothing", "environment", "model", "model_version",
    ]  # fmt: skip
    page.get_by_label("Split by").select_option("model")
    page.get_by_role("button", name="Add the metric").click()
    assert chosen(page)[-1] == "Interactions latency, by model"
    before = chosen(page)
    page.get_by_role("button", name=f"Move up: {before[-1]}").click()
    assert chosen(page) == [*before[:-2], before[-1], before[-2]]
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/view/\?.*board=\d+"))
    assert page.locator(".panel-head h2").all_inner_texts() == [*before[:-2], before[-1], before[-2]]
    page.get_by_text("Share", exact=True).click()
    exact = page.locator("#share-exact").inner_text()
    page.goto(exact)
    assert page.get_by_role("heading", level=1).inner_text() == "Every morning"


def test_the_order_is_changed_by_keyboard_and_said(site, page):
    page.goto(f"{site.admin(COMPOSE)}&copy=usage")
    before = chosen(page)
    page.get_by_role("button", name=f"Move down: {before[0]}").focus()
    page.keyboard.press("Enter")
    assert chosen(page)[:2] == [before[1], before[0]]
    assert page.locator("#said").inner_text() == f"{before[0]}: place 2 of {len(before)}"
    page.keyboard.press("Enter")  # the button has kept the focus on its way
    assert chosen(page)[2] == before[0]
    page.get_by_role("button", name=f"Remove: {before[1]}").focus()
    page.keyboard.press("Enter")
    assert before[1] not in chosen(page)
    assert page.evaluate("document.activeElement.dataset.act") == "remove"


def test_the_order_is_changed_by_dragging(site, page):
    page.goto(f"{site.admin(COMPOSE)}&copy=usage")
    before = chosen(page)
    items = page.locator("#chosen .compose-item")
    box = items.nth(2).bounding_box()
    items.nth(0).locator("[data-grip]").hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2 + 4, steps=6)
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] - 4, steps=3)
    page.mouse.up()
    assert chosen(page)[:3] == [before[1], before[2], before[0]]


def test_enter_in_the_title_saves_and_nothing_else(site, page):
    page.goto(f"{site.admin(COMPOSE)}&copy=log")
    page.get_by_label("Title").fill("By Enter")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/view/\?.*board=\d+"))
    assert page.get_by_role("heading", level=1).inner_text() == "By Enter"


def test_without_a_script_the_same_buttons_do_it(site, browser, logged_in):
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(60_000)
    context.add_cookies(logged_in)
    page = context.new_page()
    page.goto(f"{site.admin(COMPOSE)}&copy=usage")
    before = chosen(page)
    send(page, f"Move down: {before[0]}")
    assert chosen(page)[:2] == [before[1], before[0]]
    send(page, f"Remove: {before[1]}")
    page.get_by_label("Title").fill("Without a script")
    send(page, "Save")
    assert page.get_by_role("heading", level=1).inner_text() == "Without a script"
    assert page.locator(".panel-head h2").all_inner_texts() == [before[0], *before[2:]]
    context.close()


def test_on_paper_there_is_nothing_to_click(site, page):
    page.goto(site.admin("reports/board/view/", "project=ours&name=usage"))
    page.emulate_media(media="print")
    assert page.locator(".board-time").is_visible()
    assert not page.locator(".bar-tools").is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()
    assert page.locator(".board-panel").first.is_visible()
