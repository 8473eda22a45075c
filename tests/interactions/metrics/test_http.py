"""HTTP requests of the observed backend (T2), from spans and from events."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from interactions.digest.run import digest_until_empty
from interactions.metrics.http import template_of
from observatory.metrics import catalogue, series
from observatory.metrics.models import Counter, Series
from observatory.metrics.rollup.run import roll_up
from observatory.metrics.series import Window

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(hours=1), NOW + timedelta(hours=1))
serial = itertools.count(1)


def request(**data):
    return {"type": "http.request", "timestamp": NOW.isoformat(), "data": data}


def span(**attributes):
    number = next(serial)
    return {
        "trace_id": f"{number:032x}", "span_id": f"{number:016x}", "name": "GET", "duration_ms": 20,
        "started_at": NOW.isoformat(), "attributes": attributes,
    }  # fmt: skip


@pytest.fixture
def counts(project):
    """What a metric counted, by all its labels."""

    def counts(name):
        digest_until_empty()
        roll_up(now=NOW)
        metric = catalogue.metric(name)
        labels = tuple(label.name for label in metric.labels)
        return {key: one.n for key, one in series.summaries(metric, project_id=project.pk, window=WINDOW, by=labels).items()}

    return counts


def test_what_the_middleware_sends_is_counted(send, counts):
    send("/api/v1/events", request(method="GET", endpoint="/items/{id}", status_code=200, user_type="admin", duration_ms=5))
    send("/api/v1/events", request(method="get", route="/items/7?q=1", status_code=500, user_type="unknown", duration_ms=9))
    send("/api/v1/events", request())
    assert counts("events.http_requests") == {
        ("GET", "/items/{id}", "200", "admin"): 1,
        ("GET", "/items/{id}", "500", "unknown"): 1,
        ("unknown", "(unknown)", "unknown", "unknown"): 1,
    }
    assert counts("events.http_duration") == {
        ("GET", "admin", "/items/{id}"): 1,
        ("GET", "unknown", "/items/{id}"): 1,
    }


def test_spans_of_a_server_are_counted_and_calls_of_others_are_not(send, counts):
    send("/api/v1/spans", span(**{"http.request.method": "GET", "http.route": "/a", "http.response.status_code": 200}))
    send("/api/v1/spans", span(**{"http.method": "POST", "http.url": "https://api.example.com/"}))
    send("/api/v1/spans", span())
    assert counts("spans.http_requests") == {("GET", "/a", "200", "unknown"): 1}
    assert counts("spans.http_duration") == {("GET", "unknown", "/a"): 1}


def test_both_feed_the_same_families():
    for name in ("http_requests", "http_duration"):
        assert catalogue.metric(f"spans.{name}").prometheus == catalogue.metric(f"events.{name}").prometheus


def test_a_flood_of_paths_adds_at_most_200_series_and_loses_no_request(send, project, counts):
    paths = [request(method="GET", endpoint=f"/p{number}x/{number}", status_code=200) for number in range(400)]
    assert send("/api/v1/events", paths)[0] == 207
    found = counts("events.http_requests")
    assert sum(found.values()) == 400
    assert Series.objects.filter(metric="events.http_requests").count() <= 101
    assert sum(Counter.objects.filter(series__metric="events.http_requests").values_list("n", flat=True)) == 400


@pytest.mark.parametrize(
    "endpoint, template",
    [
        ("/orders/17", "/orders/{id}"),
        ("/orders/{order_id}/lines", "/orders/{order_id}/lines"),
        ("/u/6f1c0f7e-8f2b-4f0e-9d55-0a5b6f1c0f7e", "/u/{id}"),
        ("/search?q=secret", "/search"),
        ("/api/v1/items", "/api/v1/items"),
    ],
)
def test_what_varies_in_an_endpoint_is_replaced(endpoint, template):
    assert template_of(endpoint) == template


def test_an_endpoint_of_another_type_is_unknown(send, counts):
    send("/api/v1/events", request(method="GET", endpoint=["/a"], status_code="200", user_type=7))
    assert counts("events.http_requests") == {("GET", "(unknown)", "unknown", "unknown"): 1}
