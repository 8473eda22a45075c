"""Hostile markup in every text field of every ingest schema: no page holds it other than as text."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from interactions.models import Event, Interaction, Span
from tests.trust.afterwards import admin_paths
from tests.trust.bare_client import BareClient
from tests.trust.hostile_texts import send
from tests.trust.markup import PAYLOADS
from tests.trust.routes import admin_routes

pytestmark = [pytest.mark.django_db, pytest.mark.one_store, pytest.mark.timeout(600)]
ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "srcset", "poster", "xlink:href", "content", "srcdoc"})
UP_TO_SPACE = re.compile(r"[\x00-\x20]+")  # what a browser leaves out of an address, and more
SHARES = 4
ALIVE = frozenset({"base", "iframe", "object", "embed", "style", "math", "animate"})


def living(html: str) -> list[str]:
    """What of a page a browser would do something with, because of a payload."""
    return living_in(LexborHTMLParser(html).root.parent)  # with the comments around the first element


def living_in(whole: LexborNode) -> list[str]:
    found = []
    for node in whole.traverse():
        found += living_of(node)
        if node.tag == "template":  # a script makes elements of it
            found += [one for part in node.template_fragments() for one in living_in(part)]
    return found


def living_of(node: LexborNode) -> list[str]:
    tag, attributes = node.tag, node.attributes
    if node.is_comment_node:
        return ["comment"] if "canary" in (node.comment_content or "") else []
    found = [f"<{tag}>"] if "canary" in tag or tag in ALIVE else []
    # Figures of a chart are data in a page: no browser runs a script of this type.
    if tag == "script" and "src" not in attributes and attributes.get("type") != "application/json":
        found.append("<script>")
    for name, value in attributes.items():
        if "canary" in name or name == "style" or name.startswith("on"):
            found.append(f"{tag} {name}")
        if name in ADDRESSES and is_live(value or ""):
            found.append(f"{tag} {name}={value}")
    return found


def is_live(address: str) -> bool:
    """Whether an address leads to a payload's choice of scheme or host, and not to a page of ours that only names it."""
    plain = UP_TO_SPACE.sub("", address.lower())
    return "canary" in plain and not plain.startswith(("/admin/", "/static/", "?", "#", "/api/"))


@pytest.mark.parametrize(
    "html",
    [
        "<canary>",
        "<p onclick='canary()'>",
        "<a href='java\tscript:canary()'>",
        "<script>canary</script>",
        "<!--canary-->",
        "<template><canary></template>",
    ],
)
def test_the_looker_sees_what_lives(html):
    assert living(html)


@pytest.fixture(params=range(SHARES))  # which the processes of a test run share
def filled_in_part(request, team) -> list[str]:
    """The payloads that were sent."""
    share = PAYLOADS[request.param :: SHARES]
    send(team.headers("ingest"), share)
    return share


@pytest.fixture
def looker(people) -> BareClient:
    client = BareClient()
    client.force_login(people["superuser"])
    return client


def test_no_page_brings_observed_text_to_life(filled_in_part, looker):
    sent = len(filled_in_part)
    assert (Span.objects.count(), Event.objects.count()) == (3 * sent, 2 * sent)
    assert Interaction.objects.count() == 4 * sent
    shown = 0
    for path in admin_paths(1):
        page = look(looker, f"/admin/{path}")
        shown += "canary" in page
    assert shown > 4 * sent


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


def look(client: BareClient, path: str) -> str:
    answer = client.get(path, HTTP_ACCEPT="text/html")
    assert answer.status_code < 500, path
    if not answer.headers["Content-Type"].startswith("text/html"):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"  # so a browser makes no page of it
        return ""
    html = answer.content.decode()
    assert living(html) == [], path
    return html
