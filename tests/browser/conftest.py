"""The product on a real server, filled once for each file of tests, and Debian's Chromium to look at it with.

The tests of a file only look, or make what no other test of it sees; so one set of data serves them all.
"""

import importlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.watch import Watch
from tests.chromium import chromium
from tests.store import lent_to_a_file
from tests.trust.conftest import Team, make_team, store_facts
from tests.trust.live import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "for-tests-only"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",  # this and the next two: what a browser does on its own, and would ask other hosts
    "--disable-component-update",
    "--disable-sync",
    "--renderer-process-limit=1",  # all pages of a site in one process, which has compiled their scripts for the first
    "--force-gpu-mem-available-mb=1",  # no room for pixels: pages are laid out and ask for frames, and nobody sees those
]
THREADS = 4
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@dataclass
class Site:
    url: str
    team: Team

    def admin(self, path: str = "", query: str = "project=ours") -> str:
        return f"{self.url}/admin/{path}?{query}"


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's, for a whole file: open for its tests and the server's threads; after the last as it was before."""
    with lent_to_a_file(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def team(db: None) -> Team:
    """`ours` with facts of known ids, `theirs`, and a superuser `root`."""
    from django.contrib.auth.models import User

    made = make_team()
    store_facts(made)
    made.people["superuser"] = User.objects.create_superuser("root", password=PASSWORD)
    return made


@pytest.fixture(scope="module")
def demo(team: Team) -> None:
    """A day of the demo in `ours`, up to now, in all buckets."""
    from django.utils import timezone

    from observatory.demo.calendar import Calendar
    from observatory.demo.load import load
    from observatory.metrics.rollup.run import roll_up

    now = timezone.now()
    load(project_id=team.ours.pk, calendar=Calendar(now.replace(microsecond=0), days=1))
    roll_up(now=now)


@pytest.fixture(scope="module")
def site(team: Team) -> Iterator[Site]:
    """The application that is deployed, behind uvicorn."""
    from django.test import override_settings

    wanted = {"OBSERVATORY_WEB_THREADS": THREADS}
    from django.conf import settings

    with override_settings(
        ALLOWED_HOSTS=["127.0.0.1", "testserver"],
        OBSERVATORY={**settings.OBSERVATORY, **wanted},
        WHITENOISE_AUTOREFRESH=True,  # static files as they are: `up` collects and compresses them
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_MAX_AGE=3600,
    ):
        application = importlib.reload(importlib.import_module("observatory.asgi")).application
        with serving(application, THREADS) as port:
            yield Site(f"http://127.0.0.1:{port}", team)


@pytest.fixture(scope="module")
def browser(db: None) -> Iterator["Browser"]:
    from django.db import connections
    from playwright.sync_api import sync_playwright

    # Playwright's loop runs in this thread while its tests do, and Django would keep the tests from their database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
        yield browser
        browser.close()
        connections.close_all()  # Django keeps connections for each event loop: close those of Playwright's
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def logged_in(site: Site, browser: "Browser") -> list[dict[str, str]]:
    """The cookies of the superuser, without the form: one test logs in with it."""
    from django.test import Client

    client = Client()
    client.force_login(site.team.people["superuser"])
    return [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}]


@pytest.fixture(scope="module")
def watched(site: Site, browser: "Browser", logged_in: list) -> Iterator[tuple["BrowserContext", Watch]]:
    context = browser.new_context(viewport=WIDE, color_scheme="light", reduced_motion="reduce")
    context.set_default_timeout(60_000)  # two cores may also run other tests
    context.add_cookies(logged_in)
    watch = Watch(context, site.url)
    context.new_page().goto(site.admin("password_change/"))  # stays open, and with it the process of all pages
    yield context, watch
    context.close()


@pytest.fixture
def watch(watched: tuple["BrowserContext", Watch]) -> Watch:
    """What goes wrong in the page."""
    watched[1].start()
    return watched[1]


@pytest.fixture
def page(watch: Watch, watched: tuple["BrowserContext", Watch]) -> Iterator["Page"]:
    """A page in which nothing may go wrong: no script of data, no request elsewhere, no violation, no error."""
    page = watched[0].new_page()
    yield page
    page.close()
    assert watch.found == []


@pytest.fixture(scope="module")
def tab(watched: tuple["BrowserContext", Watch]) -> Iterator["Page"]:
    page = watched[0].new_page()
    yield page
    page.close()


@pytest.fixture
def visitor(watch: Watch, tab: "Page") -> Iterator["Page"]:
    """`page` for tests that go through very many: one for the whole file."""
    tab.emulate_media(color_scheme="light")
    tab.set_viewport_size(WIDE)
    yield tab
    tab.evaluate("() => new Promise(requestAnimationFrame)")  # what the page still had to tell
    assert watch.found == []
