"""Hostile markup in addresses, over data full of it: no page, and no answer, holds it other than as text.

The tests only look, so one set of data serves them all.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.store import lent_to_a_file
from tests.trust.bare_client import BareClient
from tests.trust.conftest import Team, make_team
from tests.trust.hostile_texts import send
from tests.trust.markup import PAYLOADS
from tests.trust.routes import admin_routes
from tests.trust.test_no_script_from_data import look

pytestmark = [pytest.mark.one_store, pytest.mark.timeout(600)]
SHARES = 4
NAMES = (
    "q",
    "model",
    "status",
    "environment",
    "session_id",
    "user_id",
    "since",
    "until",
    "cursor",
    "range",
    "id",
    "span",
    "next",
)


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """pytest-django's, for the whole file; after the last test as it was before."""
    with lent_to_a_file(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def filled(db: None) -> Team:
    made = make_team()
    send(made.headers("ingest"), PAYLOADS)
    return made


@pytest.fixture(scope="module")
def looker(filled: Team) -> BareClient:
    from django.contrib.auth.models import User

    client = BareClient()
    client.force_login(User.objects.create_superuser("root"))
    return client


@pytest.mark.parametrize("share", range(SHARES))  # which the processes of a test run share
def test_no_filter_or_address_comes_to_life_on_the_page_that_shows_it(filled, looker, share):
    pages = [route.pattern for route in admin_routes() if "<" not in route.pattern and "logout" not in route.pattern]
    for number, payload in enumerate(PAYLOADS):
        if number * SHARES // len(PAYLOADS) != share:
            continue
        query = urlencode(dict.fromkeys(NAMES, payload))
        for page in pages if number % 20 == 0 else ("/admin/interactions/interaction/",):
            look(looker, f"{page}?{query}")
        look(looker, f"/admin/interactions/interaction/?{urlencode({'project': 'ours', 'model': payload})}")
        look(looker, f"/admin/{quote(payload, safe='')}/")
        look(looker, f"/{quote(payload, safe='')}")


def test_answers_of_the_api_are_never_pages(filled):
    client = BareClient()
    of_payload = [
        f"traces/{quote(PAYLOADS[2], safe='')}",
        f"traces?status={quote(PAYLOADS[2])}",
        f"sessions/{quote(PAYLOADS[0])}",
    ]
    paths = ["interactions?limit=500", "traces?limit=500", "traces/t0", *of_payload]
    for path in ("/metrics", *(f"/api/v1/{path}" for path in paths)):
        answer = client.get(path, HTTP_ACCEPT="text/html", **filled.headers("read"))
        assert answer.headers["Content-Type"].split(";")[0] in {"application/json", "text/plain"}, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
