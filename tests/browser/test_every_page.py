"""Every page of the admin, in light and dark, wide and narrow: no serious fault for people with assistive technology,
nothing that scrolls sideways, no violation of the policy, no error in the console.
"""

from importlib.resources import files
from typing import Any

import pytest

from tests.browser.conftest import NARROW, Site
from tests.trust.objects import model_of, objects_of, shared_objects, values_for
from tests.trust.routes import PARAMETER, Route, admin_pages

pytestmark = [pytest.mark.browser, pytest.mark.one_store, pytest.mark.usefixtures("demo")]
NO_PAGES = ("/csv/", "/file/", ".csv", ".zip", "/snapshot/", "/stream/", "/preview/", "/jsi18n/")
OF_NO_PROJECT = ("/admin/auth/", "/admin/django_celery_beat/", "/admin/password_change/", "/admin/jsi18n/")
# What another theme or width can change.
AGAIN = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable", "button-name", "link-name"]
SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) { return []; }
  const wide = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > width + 1);
  const named = wide.slice(0, 5).map((one) => one.outerHTML.slice(0, 120));
  return [`${document.scrollingElement.scrollWidth} of ${width}`, ...named];
}"""
# Asked in the page: for a question of its own Playwright brings a third of a megabyte of script into each page.
SETTLED = """async () => {
  const isDone = (one) => "drawn" in one.dataset || one.getBoundingClientRect().top > innerHeight + 300;
  const until = performance.now() + 60_000;
  const frame = () => new Promise((arrived, failed) => {
    requestAnimationFrame(arrived);
    setTimeout(failed, 60_000, new Error("no frame"));
  });
  await frame();  // a ResizeObserver hears of a new width at its end
  do {
    if (performance.now() > until) { throw new Error("a chart is not drawn"); }
    await frame();
  } while (![...document.querySelectorAll("figure.chart:has(script)")].every(isDone));
}"""

# A rule gives its impact to all that it finds. Only rules of lesser impact want style sheets and sounds loaded before.
SERIOUS = """async (rules) => {
  const grave = ({ impact }) => ["serious", "critical"].includes(impact);
  const usual = ({ enabled, tags }) => enabled && !tags.includes("experimental") && !tags.includes("deprecated");
  const all = axe._audit.rules.filter((rule) => grave(rule) && usual(rule)).map(({ id }) => id);
  const { violations } = await axe.run(document, { resultTypes: ["violations"], preload: false, runOnly: rules ?? all });
  return violations.filter(grave).flatMap(({ id, impact, nodes }) => nodes.slice(0, 3).map(
    ({ html, failureSummary }) => `${id} (${impact}): ${html.slice(0, 160)} ${(failureSummary ?? "").slice(0, 300)}`));
}"""
FAULTS = (
    """async (rules) => {
  await (SETTLED)();
  return [...(SIDEWAYS)().map((one) => `scrolls sideways: ${one}`), ...await (SERIOUS)(rules)];
}""".replace("SETTLED", SETTLED)
    .replace("SIDEWAYS", SIDEWAYS)
    .replace("SERIOUS", SERIOUS)
)


def is_of_a_project(pattern: str) -> bool:
    return not PARAMETER.search(pattern) and not pattern.startswith(OF_NO_PROJECT)


@pytest.fixture(scope="module", autouse=True)
def axe(watched: Any) -> None:
    """axe-core in each page, without sending it there each time."""
    watched[0].add_init_script(files("axe_playwright_python").joinpath("axe.min.js").read_text())


@pytest.fixture(scope="module")
def objects(demo, team) -> dict[str, int]:
    return objects_of(team.ours) | shared_objects(team.people["superuser"])


def whole_pages() -> list[str]:
    """Not a script, a part of a page, a file to save, or a stream, which never ends."""
    return [one for one in admin_pages() if not one.endswith(NO_PAGES)]


@pytest.mark.parametrize("pattern", whole_pages())
def test_a_page_is_good_in_every_light_and_width(site, objects, visitor, pattern):
    open_page(site, visitor, address(objects, pattern))
    look_at(visitor)


@pytest.mark.parametrize("pattern", [one for one in whole_pages() if is_of_a_project(one)])
def test_a_page_of_an_empty_project_is_good_too(site, empty, visitor, pattern):
    path = f"{pattern}?project=empty"
    if visitor.request.get(site.url + path).status == 404:
        return  # a page of one thing, of which there is none
    open_page(site, visitor, path)
    look_at(visitor)


@pytest.fixture(scope="module")
def empty(team) -> None:
    from observatory.projects.models import Project

    Project.objects.create(slug="empty", name="A project without any data")


def address(objects: dict[str, int], pattern: str) -> str:
    from tests.trust.test_route_matrix import QUERIES

    path = Route(pattern, None).path(**values_for(objects.get(model_of(Route(pattern, None)))))
    query = QUERIES.get(pattern, "") or "?project=ours"
    return f"{path}{query}"


def open_page(site: Site, page: Any, path: str) -> None:
    answer = page.goto(site.url + path)
    assert answer.status in {200, 404}, path
    assert answer.headers["content-type"].startswith("text/html"), path


def look_at(page: Any) -> None:
    faults = [f"wide, light: {one}" for one in page.evaluate(FAULTS)]
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(NARROW)
    faults += [f"narrow, dark: {one}" for one in page.evaluate(FAULTS, AGAIN)]
    assert faults == []
