"""The catalogue and the page of one metric."""

import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from observatory.metrics import catalogue
from observatory.metrics.glance import glances
from observatory.metrics.models import Series
from observatory.projects.models import Project
from tests.pages import inline_code

TIME = {"name": "test.time"}


def rows_of(text):
    """The cells of each row of a table, as texts."""
    rows = re.findall(r"<tr>(.*?)</tr>", text, re.DOTALL)
    cells = [re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub(r"<.*?>", "", cell).split()) for cell in row] for row in cells]


def test_the_catalogue_shows_the_last_hour_and_the_trend(calls, page):
    text = page()
    rows = {row[0]: row[2] for row in rows_of(text) if len(row) == 4}
    assert rows["test.calls"] == "2 number"
    assert rows["test.users"] == "2 distinct"
    assert rows["test.slow"] == "0 % share"
    assert rows["test.time"] == "– n &lt; 5 for p50, n &lt; 20 for p95"
    assert text.count('class="spark"') == 6


def test_an_empty_catalogue_says_why(facts, page, shop):
    text = page()
    assert "No values in the last 24 hours" in text
    assert "test.time" in text
    assert 'class="spark"' not in text


def test_a_metric_shows_line_figures_and_label_values(calls, page):
    text = page("metric/", **TIME)
    assert "p50 and p95, for each" in text
    assert {'"name": "p50"', '"name": "p95"'} <= set(re.findall(r'"name": "p\d\d"', text))
    assert [row[:3] for row in rows_of(text)[1:]] == [["m1", "3", "433 ms"], ["&lt;m2&gt;", "1", "300 ms"]]
    assert "n &lt; 20" in text
    assert "calls_seconds" in text


def test_a_label_splits_and_a_value_narrows(calls, page):
    text = page("metric/", by="model", **TIME)
    assert "p95, for each" in text
    assert 'class="swatch colour-2"></span><a' in text
    text = page("metric/", where="model:m1", **TIME)
    assert '<span class="tile-value">3</span>' in text
    assert "only model" in text


def test_a_metric_without_values_says_so(facts, page, shop):
    assert "No values from" in page("metric/", **TIME)
    assert "No values from" in page("metric/", by="model", **TIME)


@pytest.mark.parametrize(
    "query",
    [
        {"range": "1h"},
        {"range": "30d"},
        {"range": "all"},
        {"range": "nonsense", "by": "nope", "where": "nope:x"},
        {"since": "2026-01-01", "until": "2026-01-03"},
        {"since": "0001-01-01", "until": "0001-01-02T14:00:00Z"},
    ],
)
def test_any_range_is_drawn(calls, page, query):
    assert "test.time" in page("metric/", **TIME, **query)


def test_a_range_that_is_none_is_named(calls, page):
    for query in ({"since": "x"}, {"since": "2026-02-01", "until": "2026-01-01"}, {"since": "1990-01-01"}):
        assert 'role="alert"' in page("metric/", **TIME, **query)


def test_an_unknown_metric_and_a_foreign_project_are_404(calls, admin_client, client):
    for name in ("", "nope", "a\x00b"):
        assert admin_client.get("/admin/metrics/series/metric/", {"project": "shop", "name": name}).status_code == 404
    client.force_login(User.objects.create_user("stranger", is_staff=True))
    assert client.get("/admin/metrics/series/metric/", {"project": "shop", **TIME}).status_code == 404
    assert client.get("/admin/metrics/series/", {"project": "shop"}).status_code == 404


def test_no_page_has_inline_code(calls, page):
    for path, query in (("", {}), ("metric/", {**TIME, "by": "model"}), ("health/", {})):
        text = page(path, **query)
        assert inline_code(text) == []
        assert "<m2>" not in text


def test_queries_do_not_grow_with_metrics_or_series(calls, page, facts, roll):
    page()
    with CaptureQueriesContext(connection) as few:
        page()
    facts.update({100 + n: (facts[0][0] - 60 * n, f"m{n % 3}", n, "u") for n in range(60)})
    roll(now=timezone.now())
    with CaptureQueriesContext(connection) as many:
        page()
    assert len(many) == len(few)


def test_shared_metrics_show_those_of_observatory_itself(calls, shop, page, monkeypatch):
    own = Project.objects.create(slug="bank", name="Bank")
    monkeypatch.setattr("observatory.metrics.glance.OWN_SLUG", "shop")
    metric = replace(catalogue.metric("test.level"), is_shared=True)
    monkeypatch.setitem(catalogue._METRICS, "test.level", metric)
    found = glances(own.id, now=timezone.now())
    assert (found["test.level"].hour.n, found["test.time"].hour.n) == (2, 0)


def test_series_of_an_older_declaration_are_left_out(calls, shop, page):
    Series.objects.create(project=shop, metric="test.time", labels=[], labels_key="[]")
    assert "m1" in page("metric/", by="model", **TIME)
    assert "test.time" in page("health/")
