"""HTTP of the observed backend (ledger T2): from spans of its server and from events of its middleware, as one family."""

import re
from functools import lru_cache
from typing import Any

from interactions.ingest.http import METHODS, OTHER_METHOD, user_type_of
from interactions.metrics.interactions import SECONDS, STAGE_MS
from interactions.metrics.sources import EVENTS, SPANS
from observatory.metrics.catalogue import Exposed, Getter, Goodness, Kind, Label, Metric, Prometheus, Source, declare

UNKNOWN = "(unknown)"  # the endpoint of a request that no route took: one for all paths
# A part of a path that names one thing and not a kind of thing, where a client sends paths: a number, an id, a long word
# with digits in it.
ONE_THING = re.compile(r"\d+|[0-9a-fA-F-]{16,}|(?=[^/]*\d)[\w.~-]{20,}")
REQUESTS = Prometheus(
    "{ns}_http_requests_total",
    Exposed.COUNTER,
    labels=(
        ("method", "method"),
        ("endpoint", "endpoint"),
        ("status_code", "status_code"),
        ("user_type", "user_type"),
    ),
    help="HTTP requests that the observed backend answered.",
)
DURATION = Prometheus(
    "{ns}_http_request_duration_seconds",
    Exposed.HISTOGRAM,
    labels=(("method", "method"), ("user_type", "user_type")),
    scale=SECONDS,
    boundaries=STAGE_MS,
    help="Time of an HTTP request of the observed backend in seconds.",
)


def span_duration(row: Any) -> float | None:
    return row.duration_ms if row.http_method else None


def event_method(row: Any) -> str:
    method = str(row.data.get("method") or "")[:16].upper()
    return method if method in METHODS or not method else OTHER_METHOD


def event_endpoint(row: Any) -> str:
    endpoint = row.data.get("endpoint") or row.data.get("route")
    return template_of(endpoint) if isinstance(endpoint, str) and endpoint else UNKNOWN


def event_status(row: Any) -> str:
    status = row.data.get("status_code")
    return str(status) if isinstance(status, int) and 100 <= status <= 999 else ""


def event_user_type(row: Any) -> str:
    return user_type_of(row.data.get("user_type")) or ""


@lru_cache(maxsize=1_024)
def template_of(endpoint: str) -> str:
    """Return an endpoint without query and with what varies in it replaced: `/orders/{id}`. A template stays itself."""
    path = endpoint[:500].partition("?")[0]
    return "/".join("{id}" if ONE_THING.fullmatch(part) else part for part in path.split("/"))


def from_source(
    prefix: str,
    source: Source,
    *,
    of: tuple[str, ...],
    counted: Getter,
    duration: Getter,
    labels: tuple[Label, Label, Label, Label],
) -> tuple[Metric, Metric]:
    """The two metrics of one source of requests: how many, and how long."""
    method, endpoint, status, user_type = labels
    return (
        Metric(
            f"{prefix}.http_requests",
            unit="1",
            help="HTTP requests of the observed backend, by method, endpoint, status and type of user.",
            kind=Kind.COUNT,
            source=source,
            value=counted,
            of=of,
            labels=(method, endpoint, status, user_type),
            prometheus=(REQUESTS,),
        ),
        Metric(
            f"{prefix}.http_duration",
            unit="ms",
            help="Time of HTTP requests of the observed backend, by method, type of user and endpoint.",
            kind=Kind.DISTRIBUTION,
            source=source,
            value=duration,
            of=of,
            labels=(method, user_type, endpoint),
            goodness=Goodness.LOWER,
            prometheus=(DURATION,),
        ),
    )


declare(
    *from_source(
        "spans",
        SPANS,
        of=(),
        counted="http_method",
        duration=span_duration,
        labels=(
            Label("method", "http_method", cap=15),
            Label("endpoint", "http_route", cap=100, empty=UNKNOWN),
            Label("status_code", "http_status", cap=40),
            Label("user_type", "http_user_type", cap=5),
        ),
    ),
    *from_source(
        "events",
        EVENTS,
        of=("http.request",),
        counted="",
        duration="duration_ms",
        labels=(
            Label("method", event_method, cap=15),
            Label("endpoint", event_endpoint, cap=100),
            Label("status_code", event_status, cap=40),
            Label("user_type", event_user_type, cap=5),
        ),
    ),
)
