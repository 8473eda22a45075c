"""A text that turns the direction of writing turns its own, on every page: neither what stands beside it nor the title."""

from urllib.parse import urlencode

import pytest

from tests.browser.test_every_page import SETTLED, address, whole_pages
from tests.trust.hostile_texts import send
from tests.trust.objects import objects_of, shared_objects

pytestmark = [pytest.mark.browser, pytest.mark.one_store]
TURNED = "rev \u202eesrever lla"
# Observed texts with more text behind them in the same line of a box, and no element between that isolates.
LEAKS = """async () => {
  await (SETTLED)();
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const turns = /[\\u202a-\\u202e\\u2066-\\u2068]/;
  const isInline = (one) => getComputedStyle(one).display === "inline";
  const isIsolated = (one) => /isolate|plaintext/.test(getComputedStyle(one).unicodeBidi);
  const boxOf = (one) => { while (isInline(one) && !isIsolated(one)) { one = one.parentElement; } return one; };
  const texts = [];
  for (const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walk.nextNode();) {
    const one = walk.currentNode;
    if (one.data.trim() && !one.parentElement.closest("script, style, svg, textarea, option, template")) { texts.push(one); }
  }
  return [document.title].filter((title) => turns.test(title)).concat(texts.filter((one, place) => {
    const box = boxOf(one.parentElement);
    const next = texts[place + 1];
    return turns.test(one.data) && next && boxOf(next.parentElement) === box;
  }).map((one) => boxOf(one.parentElement).outerHTML.slice(0, 240)));
}""".replace("SETTLED", SETTLED)


@pytest.fixture(scope="module")
def filled(team) -> dict[str, int]:
    """The text in every field, within the last minutes, in all buckets; in names that people give, too."""
    from django.utils import timezone

    from observatory.metrics.rollup.run import roll_up

    now = timezone.now()
    send({"HTTP_AUTHORIZATION": f"Bearer {team.keys['ingest']}"}, [TURNED], now.timestamp() - 600)
    roll_up(now=timezone.now())
    team.ours.name = TURNED
    team.ours.save()
    team.ours.keys.update(name=TURNED)
    return objects_of(team.ours) | shared_objects(team.people["superuser"])


@pytest.mark.parametrize("pattern", whole_pages())
def test_no_text_turns_what_is_beside_it(site, filled, visitor, pattern):
    visitor.goto(site.url + address(filled, pattern))
    assert visitor.evaluate(LEAKS) == []


def test_no_text_turns_what_is_beside_it_on_the_pages_of_what_was_sent(site, filled, visitor):
    from interactions.models import Interaction, Origin

    own = Interaction.objects.filter(origin=Origin.NATIVE).exclude(session_id__startswith="plain")
    views = "interactions/interaction/"
    paths = (
        (f"{views}{own.get(query_preview=TURNED).pk}/change/", {}),
        (f"{views}trace/", {"id": "t0", "span": TURNED}),
        (f"{views}trace/", {"id": f"{1:032x}", "span": f"{1:016x}"}),
        (f"{views}session/", {"id": TURNED}),
        (f"{views}user/", {"id": TURNED}),
        (views, {"q": "rev", "model": TURNED, "user_id": TURNED}),
    )
    for path, query in paths:
        answer = visitor.goto(f"{site.url}/admin/{path}?{urlencode({'project': 'ours', **query})}")
        assert answer.status == 200, path
        assert visitor.evaluate(LEAKS) == [], path
