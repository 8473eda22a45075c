"""Hostile markup in every text field of every ingest schema, opened in a browser on every page: nothing of it runs, loads
anything or breaks the policy; it is hovered, unfolded and focused, too.
"""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.browser.test_every_page import NO_PAGES, SETTLED, address, whole_pages
from tests.trust.hostile_texts import send
from tests.trust.markup import PAYLOADS
from tests.trust.objects import objects_of, shared_objects
from tests.trust.routes import PARAMETER, admin_pages

pytestmark = [pytest.mark.browser, pytest.mark.one_store]
SHARES = 16
# What a curious hand would do once all is drawn: unfold all, give the focus to all, point at every mark of every chart.
TOUCH = """async () => {
  await (SETTLED)();
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  document.querySelectorAll("main a, main button, main input, main [tabindex]").forEach((one) => one.focus());
  for (const mark of document.querySelectorAll("figure.chart svg path, figure.chart svg text, main [title]")) {
    const { x, y, width, height } = mark.getBoundingClientRect();
    const at = { bubbles: true, clientX: x + width / 2, clientY: y + height / 2 };
    for (const kind of ["pointerover", "pointermove", "mouseover", "mousemove"]) {
      mark.dispatchEvent(kind.startsWith("p") ? new PointerEvent(kind, at) : new MouseEvent(kind, at));
    }
  }
  return [...document.querySelectorAll("canary, canary-x, [canary], [onerror], [onload], [onfocus], [style*=canary]")]
    .map((one) => one.outerHTML.slice(0, 200));
}""".replace("SETTLED", SETTLED)


@pytest.fixture(scope="module")
def filled(team) -> dict[str, int]:
    """Every payload by every way in, within the last minutes, in all buckets; and a board and views that carry some."""
    from django.utils import timezone

    from observatory.metrics.rollup.run import roll_up

    now = timezone.now()
    send({"HTTP_AUTHORIZATION": f"Bearer {team.keys['ingest']}"}, PAYLOADS, now.timestamp() - 600)
    roll_up(now=timezone.now())
    team.ours.name = PAYLOADS[2]
    team.ours.save()
    team.ours.keys.update(name="</title><img src=x onerror=canary()>")
    return objects_of(team.ours) | shared_objects(team.people["superuser"])


@pytest.fixture(autouse=True)
def deaf(watch) -> None:
    watch.be_deaf()


@pytest.mark.parametrize("pattern", whole_pages())
def test_nothing_runs_on_a_page(site, filled, visitor, pattern):
    path = address(filled, pattern)
    visit(visitor, site.url + path)
    if not PARAMETER.search(pattern):
        values = dict.fromkeys(("q", "model", "environment", "by", "session_id", "user_id", "id", "name"), PAYLOADS[30])
        visit(visitor, f"{site.url}{pattern}?{urlencode({'project': 'ours', 'range': '24h', **values})}")


@pytest.mark.parametrize("share", range(SHARES))
def test_nothing_runs_on_the_pages_of_what_was_sent(site, filled, visitor, share):
    """The interaction, its trace with a span chosen, the trace of OpenTelemetry, session and user: a page each."""
    from interactions.models import Interaction, Origin

    own = Interaction.objects.filter(origin=Origin.NATIVE).exclude(session_id__startswith="plain")
    natives = dict(enumerate(own.order_by("asked_at").values_list("pk", flat=True)))
    for number in range(share, len(PAYLOADS), SHARES):
        payload = PAYLOADS[number]
        views = "interactions/interaction/"
        # In turns, so that each kind of page sees a third of the payloads; the parser's test opens all of all.
        paths = (
            (f"{views}{natives.get(number, natives[0])}/change/", {}),
            (f"{views}trace/", {"id": f"t{number}", "span": payload if len(payload) <= 64 else f"{number}"}),
            (f"{views}trace/", {"id": f"{number + 1:032x}", "span": f"{number + 1:016x}"}),
            (f"{views}session/", {"id": payload}),
            (f"{views}user/", {"id": payload}),
            (views, {"q": payload, "model": payload, "user_id": payload}),
        )
        for path, query in (paths[number % 3], paths[3 + number // 3 % 3]):
            visit(visitor, f"{site.url}/admin/{path}?{urlencode({'project': 'ours', **query})}")


def test_no_cell_of_a_csv_is_a_formula(site, filled, page):
    found = 0
    for pattern in [one for one in admin_pages() if one.endswith(NO_PAGES) and not one.endswith("/stream/")]:
        path = address(filled, pattern)
        answer = page.request.get(site.url + path)
        if not answer.headers["content-type"].startswith("text/csv"):
            continue
        assert "attachment" in answer.headers["content-disposition"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        cells = [cell for row in csv.reader(io.StringIO(answer.text())) for cell in row]
        assert [cell for cell in cells if is_formula(cell)] == []
        found += any("canary" in cell for cell in cells)
    assert found


def is_formula(cell: str) -> bool:
    """Whether a table calculation would compute it; a negative number is none."""
    return cell[:1] in {"=", "+", "-", "@", "\t", "\r"} and not cell[1:].replace(".", "").isdigit()


def visit(page: Any, url: str) -> None:
    answer = page.goto(url, wait_until="load")
    assert answer.status in {200, 404}, url
    assert page.evaluate(TOUCH) == [], url
