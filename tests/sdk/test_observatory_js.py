"""The collector of web pages, in a real browser, on a page of another origin than Observatory."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import Any

import pytest
from django.conf import settings

from tests.chromium import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COLLECTOR = settings.BASE_DIR / "sdk" / "browser" / "observatory.js"
PAGE = b"<!doctype html><title>Shop</title><script src='/observatory.js'></script><p>A shop</p>"


@pytest.fixture
def shop() -> Iterator[str]:
    """The address of a web page that loads the collector."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = {"/": PAGE, "/observatory.js": COLLECTOR.read_bytes()}.get(self.path, b"")
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *values: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def visit(shop, project, live_server):
    """`visit(steps)` opens the page and runs `steps(page, options)`; returns the errors that the page threw itself.

    In a thread of its own: playwright's loop would keep Django from its database in this one.
    """
    from observatory.projects.keys import create_key

    project.allowed_origins = [shop]
    project.save()
    options = {"endpoint": live_server.url, "key": create_key(project=project, scopes=["feedback"])[1], "flushMs": 50}

    def visited(steps: Any) -> list[str]:
        from playwright.sync_api import sync_playwright

        thrown: list[str] = []
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            page = browser.new_page()
            page.on("pageerror", lambda error: thrown.append(str(error)))
            page.goto(shop)
            steps(page, options)
            browser.close()
        return thrown

    def run(steps: Any) -> list[str]:
        with ThreadPoolExecutor(max_workers=1) as pool:
            return pool.submit(visited, steps).result()

    return run


def is_batch(status):
    return lambda answer: answer.url.endswith("/api/metrics/client") and answer.status == status


def stored():
    from interactions.models import Event

    return {event.type: event for event in Event.objects.all()}


def test_a_page_sends_timings_errors_and_what_it_tracks_and_its_users_say(visit):
    def steps(page, options):
        with page.expect_response(is_batch(207)):
            page.evaluate("options => observatory.start(options)", options)
        with page.expect_response(is_batch(207)):
            page.evaluate("observatory.track('question_category', {category: 'billing', questionLength: 44})")
        with page.expect_response(is_batch(207)):
            page.evaluate("void setTimeout(() => { throw new TypeError('x is undefined') })")
        with page.expect_response(lambda answer: answer.url.endswith("/feedback/implicit") and answer.status == 207):
            page.evaluate("observatory.feedback({rating: 4, comment: 'Long.'}); observatory.signal('click')")

    assert visit(steps) == ["x is undefined"]
    events = stored()
    assert set(events) == {"performance", "question_category", "error"}
    assert events["performance"].data["pageLoadTime"] > 0
    assert events["performance"].data["domContentLoaded"] > 0
    assert events["question_category"].data["questionLength"] == 44
    assert "x is undefined" in events["error"].data["message"]
    assert "TypeError" in events["error"].data["stack"]
    assert events["error"].data["severity"] == "high"
    from feedback.models import Score

    rows = Score.objects.order_by("name").values_list("name", "value", "session_id")
    (session,) = {event.session_id for event in events.values()} - {""}
    assert list(rows) == [("rating", 4.0, session), ("signal.click", 1.0, session)]


def test_a_rejected_promise_is_an_error(visit):
    def steps(page, options):
        page.evaluate("options => observatory.start({...options, performance: false, userId: 7})", options)
        with page.expect_response(is_batch(207)):
            page.evaluate("void Promise.reject(new Error('no answer'))")

    visit(steps)
    assert (stored()["error"].data["message"], stored()["error"].user_id) == ("no answer", "7")


def test_what_is_tracked_on_leaving_the_page_arrives(visit, monkeypatch):
    from interactions.api.browser import BrowserMetricsView

    arrived: Queue[str] = Queue()
    store_many = BrowserMetricsView._many

    def noting(view, items):
        answer = store_many(view, items)
        arrived.put(items[-1]["type"])
        return answer

    monkeypatch.setattr(BrowserMetricsView, "_many", noting)

    def steps(page, options):
        page.evaluate("options => observatory.start({...options, flushMs: 60000, performance: false})", options)
        # The preflight is answered and remembered by then, as on every page that was open for some seconds.
        page.evaluate("observatory.track('question_category', {category: 'a'}); observatory.flush()")
        assert arrived.get(timeout=10) == "question_category"
        page.evaluate("observatory.track('user_journey_completion', {completionRate: 80, step: 'answer'})")
        page.goto("about:blank")
        # The page may leave before it has read the answer to the first batch: that one is then sent again, before the last.
        while (last := arrived.get(timeout=10)) == "question_category":
            pass
        assert last == "user_journey_completion"

    visit(steps)
    assert set(stored()) == {"question_category", "user_journey_completion"}


def test_a_failed_request_is_sent_again_and_stored_once(visit):
    def steps(page, options):
        tries = []

        def swallow_the_first(route):
            tries.append(route.fetch())
            if len(tries) == 1:
                route.abort()
            else:
                route.fulfill(response=tries[-1])

        page.route("**/api/metrics/client", swallow_the_first)
        page.evaluate("options => observatory.start({...options, performance: false})", options)
        with page.expect_response(is_batch(207)):
            page.evaluate("observatory.track('user_feedback', {rating: 5, helpful: true})")
        assert len(tries) == 2

    visit(steps)
    from interactions.models import Event

    assert [event.data["rating"] for event in Event.objects.all()] == [5]


def test_pages_outside_of_the_sample_send_errors_only(visit):
    def steps(page, options):
        page.evaluate("options => observatory.start({...options, sampling: 0})", options)
        page.evaluate("observatory.track('question_category', {category: 'billing'})")
        with page.expect_response(is_batch(207)):
            page.evaluate("observatory.track('error', {message: 'shown'})")

    visit(steps)
    assert set(stored()) == {"error"}


def test_nothing_breaks_the_page(visit):
    def steps(page, options):
        page.evaluate("observatory.start(); observatory.start({endpoint: 7}); observatory.flush()")
        page.evaluate("options => observatory.start({...options, endpoint: 'http://127.0.0.1:9'})", options)
        page.evaluate("const loop = {}; loop.itself = loop; observatory.track('user_interaction', loop)")
        page.evaluate("observatory.track(); observatory.track('error', null); observatory.track(7, 'text')")
        with page.expect_event("requestfailed"):
            page.evaluate("observatory.flush()")

    assert visit(steps) == []
    assert stored() == {}
