"""The metrics API: the catalogue, and one metric through time."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from observatory.metrics.models import Horizon, Series
from observatory.projects.models import Project
from tests.metrics.api.conftest import DAY

TIME = "/test.time"


def test_the_catalogue_lists_what_is_declared(calls, read):
    status, found = read()
    assert status == 200
    assert [one["name"] for one in found["metrics"]] == [
        "test.calls",
        "test.cost",
        "test.level",
        "test.slow",
        "test.time",
        "test.users",
    ]
    calls = found["metrics"][0]
    assert (calls["kind"], calls["unit"], calls["source"], calls["goodness"]) == ("count", "1", "calls", None)
    assert calls["labels"] == [{"name": "model", "cap": 3, "empty": "unknown"}]
    assert calls["prometheus"] == ["calls_total"]


def test_points_hold_what_was_in_their_bucket(calls, read):
    status, found = read(TIME, resolution="1m")
    assert status == 200
    points = found["series"][0]["points"]
    assert [point["start"] for point in points] == [f"2026-01-01T0{at}:00Z" for at in ("0:00", "0:01", "2:00")]
    assert [(point["n"], point["total"], point["min"], point["max"]) for point in points] == [
        (3, 600.0, 100.0, 300.0),
        (1, 400.0, 400.0, 400.0),
        (1, 900.0, 900.0, 900.0),
    ]
    assert points[0]["p50"] == pytest.approx(200, rel=0.01)
    assert (found["resolution"], found["resolution_s"]) == ("1m", 60)


@pytest.mark.parametrize("resolution", ["1m", "5m", "1h", "1d", []])
def test_the_summary_is_the_same_at_any_resolution(calls, read, resolution):
    _, found = read(TIME, resolution=resolution)
    summary = found["summary"]
    assert (summary["n"], summary["mean"], summary["min"], summary["max"]) == (5, 380.0, 100.0, 900.0)
    assert summary["p99"] == pytest.approx(400, rel=0.01)
    assert set(summary) == {"n", "total", "mean", "min", "max", "stddev", "p50", "p75", "p90", "p95", "p99"}


@pytest.mark.parametrize(
    ("name", "figures"),
    [
        ("calls", {"n": 6, "total": 6.0, "rate_per_s": 6 / 86_400}),
        ("users", {"n": 6, "distinct": 3}),
        ("slow", {"n": 5, "total": 1.0, "share": 0.2}),
        ("level", {"n": 5, "total": 1900.0, "mean": 380.0, "min": 100.0, "max": 900.0, "last": 900.0}),
    ],
)
def test_the_kind_decides_the_figures(calls, read, name, figures):
    _, found = read(f"/test.{name}", resolution="1h")
    assert found["summary"] == pytest.approx(figures)


def test_labels_split_and_narrow(calls, read):
    _, found = read(TIME, by="model")
    assert [(line["labels"], line["summary"]["n"]) for line in found["series"]] == [
        ({"model": "m1"}, 4),
        ({"model": "m2"}, 1),
    ]
    _, found = read(TIME, where="model:m2")
    assert [line["labels"] for line in found["series"]] == [{}]
    assert found["summary"]["n"] == 1
    _, found = read(TIME, where="model:nobody")
    assert (found["series"], found["summary"]["n"], found["summary"]["mean"]) == ([], 0, None)


def test_the_window_is_half_open(calls, read):
    _, found = read(TIME, since="2026-01-01T00:01:00Z", until="2026-01-01T02:00:00Z", resolution="1m")
    assert (found["summary"]["n"], found["since"]) == (1, "2026-01-01T00:01:00Z")


def test_a_window_goes_back_to_where_records_do(facts, roll, read):
    facts[1] = (0, "m1", 100, "ann")
    roll(now=datetime(1970, 1, 2, tzinfo=UTC))
    for until in ("1970-01-02", "1974-02-09"):
        _, found = read(TIME, since="1970-01-01", until=until)
        assert (found["since"], found["summary"]["n"]) == ("1970-01-01T00:00:00Z", 1)
    status, found = read(TIME, since="1969-12-31T23:59:59Z", until="1970-01-02")
    assert (status, found["error"]["field"]) == (400, "since")


@pytest.mark.parametrize(
    ("parameters", "code", "field"),
    [
        ({"by": "nope"}, "unknown_label", "by"),
        ({"where": "nope:x"}, "unknown_label", "where"),
        ({"where": "model"}, "invalid", "where"),
        ({"where": ["model:a", "model:b"]}, "invalid", "where"),
        ({"resolution": "2m"}, "invalid", "resolution"),
        ({"resolution": "30d"}, "invalid", "resolution"),
        ({"resolution": "1m", "since": "2025-12-01", "until": "2026-01-01"}, "too_many_points", "resolution"),
        ({"since": "2000-01-01", "until": "2026-01-01"}, "too_many_points", "since"),
        ({"since": "2026-01-02", "until": "2026-01-01"}, "invalid", "since"),
        ({"since": "yesterday"}, "invalid", "since"),
        ({"until": "0001-01-01", "since": []}, "invalid", "until"),
        ({"since": ""}, "invalid", "since"),
        ({"until": ["2026-01-01", "2026-01-02"]}, "invalid", "until"),
        ({"step": "1h"}, "unknown_parameter", "step"),
    ],
)
def test_what_is_wrong_is_named(calls, read, parameters, code, field):
    status, found = read(TIME, **parameters)
    assert (status, found["error"]["code"], found["error"].get("field")) == (400, code, field)


def test_an_unknown_metric_is_not_found(calls, read):
    for name in ("/nope", "/test.time%00", "/%20"):
        assert read(name)[0] == 404


def test_a_resolution_that_is_gone_is_refused_and_a_coarser_one_taken(calls, read, shop):
    Horizon.objects.filter(project=shop, level=0).update(until=DAY + 3600)
    status, found = read(TIME, resolution="1m")
    assert (status, found["error"]["code"]) == (400, "not_kept")
    assert "5m is" in found["error"]["reason"]
    assert read(TIME)[1]["resolution"] == "5m"


def test_too_many_points_of_many_series_take_a_coarser_resolution(calls, read, monkeypatch):
    monkeypatch.setattr("observatory.metrics.api.asked.MOST_ANSWERED", 100)
    assert read(TIME, by="model")[1]["resolution"] == "1h"
    status, found = read(TIME, by="model", resolution="5m")
    assert (status, found["error"]["code"], found["error"]["field"]) == (400, "too_many_points", "by")


def test_another_project_sees_nothing(calls, read):
    Series.objects.update(project=Project.objects.create(slug="bank", name="Bank"))
    assert read(TIME)[1]["series"] == []


def test_queries_do_not_grow_with_series_or_points(calls, facts, roll, read):
    read()  # the first use of a key is written down
    with CaptureQueriesContext(connection) as few:
        read(TIME, by="model")
    facts.update({100 + n: (DAY + 60 * n, f"m{n % 3}", n, "u") for n in range(60)})
    roll(now=datetime.fromtimestamp(DAY + 86_400, UTC))
    with CaptureQueriesContext(connection) as many:
        assert len(read(TIME, by="model")[1]["series"]) == 3
    assert len(many) == len(few) <= 6
