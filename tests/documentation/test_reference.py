"""What is not documented does not exist: settings, commands and routes stand in the reference pages."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import get_commands
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.exceptions import AuthenticationFailed, MethodNotAllowed, NotAuthenticated, PermissionDenied

from docs import dialects, metrics
from observatory.conf import SETTINGS
from tests.architecture.sources import PACKAGES, ROOT, python_files

REFERENCE = settings.BASE_DIR / "docs" / "reference"
CODE_PLACES = {"ApiError": 0, "BodyRefused": 1, "Refusal": 1}  # which argument is the code


def page(name):
    return (REFERENCE / name).read_text()


def our_commands():
    ours = {config.name for config in apps.get_app_configs() if config.name.partition(".")[0] in PACKAGES}
    return sorted(name for name, app in get_commands().items() if app in ours)


def routes(patterns=None, prefix=""):
    """Every path of the URL conf as it is documented: `/api/v1/traces/{trace_id}`; the admin's pages are one."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and not path.startswith("admin/"):
            yield from routes(pattern.url_patterns, path)
        if isinstance(pattern, URLPattern):
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_a_setting_is_documented_with_its_default(setting):
    entry = re.search(rf"`{setting.name}`.*", page("settings.md"))
    assert entry, f"docs/reference/settings.md does not name {setting.name}"
    assert setting.default in entry[0]


def test_no_setting_is_documented_that_does_not_exist():
    named = set(re.findall(r"OBSERVATORY_[A-Z_]+", page("settings.md")))
    assert named - {setting.name for setting in SETTINGS} == set()


@pytest.mark.parametrize("name", our_commands())
def test_a_command_is_documented(name):
    assert f"`{name}" in page("commands.md") or f"## {name}" in page("commands.md")


@pytest.mark.parametrize("route", sorted(set(routes())))
def test_a_route_is_documented(route):
    assert f"{route}`" in page("api.md") or f"{route} " in page("api.md") or f"{route}\n" in page("api.md")


def test_links_between_pages_lead_somewhere():
    docs = Path(settings.BASE_DIR / "docs")
    pages = [*docs.rglob("*.md"), *settings.BASE_DIR.glob("*.md")]
    links = [
        (source, target) for source in pages for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", source.read_text())
    ]
    assert [(str(source), target) for source, target in links if not (source.parent / target).exists()] == []


def raised_codes():
    """Every code that the source gives to an error or refusal as a word, and those of REST framework."""
    for path in python_files(*PACKAGES):
        for node in ast.walk(ast.parse((ROOT / path).read_text())):
            name = getattr(getattr(node, "func", None), "id", "")
            if isinstance(node, ast.Call) and name in CODE_PLACES and len(node.args) > CODE_PLACES[name]:
                code = node.args[CODE_PLACES[name]]
                if isinstance(code, ast.Constant):
                    yield code.value
    for error in (NotAuthenticated, AuthenticationFailed, PermissionDenied, MethodNotAllowed):
        yield error.default_code


def test_exactly_the_error_codes_that_exist_are_documented():
    raised = set(raised_codes())  # not as parameters: each process of a run would read all sources to collect them
    assert [code for code in sorted(raised) if f"\n| `{code}` |" not in page("api.md")] == []
    documented = set(re.findall(r"^\| `(\w+)` \|", page("api.md").partition("### Error codes")[2], re.MULTILINE))
    # Not where they are explained: that a code is told there does not mean that it is raised.
    sources = "".join((ROOT / path).read_text() for path in python_files(*PACKAGES) if path.name != "refusals.py")
    assert [code for code in sorted(documented - raised) if f'"{code}"' not in sources] == []


def test_the_tables_of_the_dialects_are_up_to_date():
    assert page("dialects.md") == dialects.page(), "run: python docs/dialects.py"


def test_the_catalogue_of_metrics_is_up_to_date():
    assert page("metrics.md") == metrics.page(), "run: python docs/metrics.py"
