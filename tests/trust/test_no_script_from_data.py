"""Hostile markup in every text field of every ingest schema: no page holds it other than as text."""

from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest
from django.test import Client

from interactions.models import Event, Interaction, Span
from tests.trust.afterwards import admin_paths
from tests.trust.hostile_texts import send
from tests.trust.markup import PAYLOADS
from tests.trust.routes import admin_routes

pytestmark = [pytest.mark.django_db, pytest.mark.one_store, pytest.mark.timeout(600)]
ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "srcset", "poster", "xlink:href", "content", "srcdoc"})


class Living(HTMLParser):
    """What of a page a browser would do something with, because of a payload."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"<{tag}>"] if "canary" in tag else []
        names = [name for name, _ in attrs]
        self.found += [f"{tag} {name}" for name in names if "canary" in name or name == "style" or name.startswith("on")]
        if tag in {"base", "iframe", "object", "embed", "style", "math", "animate"} or (
            # Figures of a chart are data in a page: no browser runs a script of this type.
            tag == "script" and "src" not in names and ("type", "application/json") not in attrs
        ):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name in ADDRESSES and is_live(value or ""):
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found += ["comment"] if "canary" in data else []

    def unknown_decl(self, data: str) -> None:
        self.found.append(data)


def is_live(address: str) -> bool:
    """Whether an address leads to a payload's choice of scheme or host, and not to a page of ours that only names it."""
    plain = "".join(character for character in address.lower() if character > " ")
    return "canary" in plain and not plain.startswith(("/admin/", "/static/", "?", "#", "/api/"))


def living(html: str) -> list[str]:
    parser = Living()
    parser.feed(html)
    parser.close()
    return parser.found


@pytest.mark.parametrize(
    "html",
    ["<canary>", "<p onclick='canary()'>", "<a href='java\tscript:canary()'>", "<script>canary</script>", "<!--canary-->"],
)
def test_the_looker_sees_what_lives(html):
    assert living(html)


@pytest.fixture
def filled(team) -> None:
    send(team.headers("ingest"), PAYLOADS)


@pytest.fixture
def looker(people) -> Client:
    client = Client()
    client.force_login(people["superuser"])
    return client


def test_no_page_brings_observed_text_to_life(filled, looker):
    assert (Span.objects.count(), Event.objects.count()) == (3 * len(PAYLOADS), 2 * len(PAYLOADS))
    assert Interaction.objects.count() == 4 * len(PAYLOADS)
    shown = 0
    for path in admin_paths(1):
        page = look(looker, f"/admin/{path}")
        shown += "canary" in page
    assert shown > 4 * len(PAYLOADS)


def test_no_filter_or_address_comes_to_life_on_the_page_that_shows_it(filled, looker):
    names = (
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
    pages = [route.pattern for route in admin_routes() if "<" not in route.pattern and "logout" not in route.pattern]
    for number, payload in enumerate(PAYLOADS):
        query = urlencode(dict.fromkeys(names, payload))
        for page in pages if number % 20 == 0 else ("/admin/interactions/interaction/",):
            look(looker, f"{page}?{query}")
        look(looker, f"/admin/interactions/interaction/?{urlencode({'project': 'ours', 'model': payload})}")
        look(looker, f"/admin/{quote(payload, safe='')}/")
        look(looker, f"/{quote(payload, safe='')}")


def test_answers_of_the_api_are_never_pages(filled, team):
    client = Client()
    of_payload = [
        f"traces/{quote(PAYLOADS[2], safe='')}",
        f"traces?status={quote(PAYLOADS[2])}",
        f"sessions/{quote(PAYLOADS[0])}",
    ]
    paths = ["interactions?limit=500", "traces?limit=500", "traces/t0", *of_payload]
    for path in ("/metrics", *(f"/api/v1/{path}" for path in paths)):
        answer = client.get(path, HTTP_ACCEPT="text/html", **team.headers("read"))
        assert answer.headers["Content-Type"].split(";")[0] in {"application/json", "text/plain"}, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_what_people_name_comes_to_life_nowhere(looker, team, people):
    team.ours.name = "<canary>\" onclick='canary()'"
    team.ours.save()
    people["superuser"].first_name = "<canary>"
    people["superuser"].save()
    team.ours.keys.update(name="</title><canary>")
    for route in admin_routes():
        values = {
            "object_id": team.ours.pk,
            "id": people["superuser"].pk,
            "content_type_id": 1,
            "app_label": "projects",
            "url": "x",
        }
        if "logout" not in route.pattern:
            look(looker, route.path(**values))


def look(client: Client, path: str) -> str:
    answer = client.get(path, HTTP_ACCEPT="text/html")
    assert answer.status_code < 500, path
    if not answer.headers["Content-Type"].startswith("text/html"):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"  # so a browser makes no page of it
        return ""
    html = answer.content.decode()
    assert living(html) == [], path
    return html
