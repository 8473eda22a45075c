"""How long a scrape takes: `python benchmarks/scrape.py [--store sqlite] [--interactions 1000000] [--distinct 100000]`.

Thirty days of interactions lie in the store, and the newest day of them is rolled up: a scrape reads one Counter row a
series, and buckets of the last day at most. Then come as many interactions, spans and events as `--distinct` says within an
hour, each with a model, version, user, name, path and node of its own, and it is scraped again.
"""

import secrets
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.large_store import opened, parser_of

SCRAPES = 20
ROWS_A_TRANSACTION = 20_000
ACCEPTS = {"text 0.0.4": "text/plain", "OpenMetrics": "application/openmetrics-text;version=1.0.0"}


def main() -> None:
    parser = parser_of(__doc__)
    parser.add_argument("--distinct", type=int, default=100_000)
    options = parser.parse_args()
    with opened(options):
        measure(options.store, options.interactions, options.distinct)


def measure(store: str, count: int, distinct: int) -> None:
    from benchmarks.many_interactions import fill
    from observatory.projects.keys import create_key
    from observatory.projects.models import Project

    project = Project.objects.create(slug="shop", name="Shop")
    key = create_key(project=project, scopes=["read"])[1]
    print(f"\n{store}")
    fill(project, count)
    roll_up_newest(project, hours=24)
    before = scrape(key)
    fill_distinct(project, distinct)
    roll_up_newest(project, hours=2)
    after = scrape(key)
    grown = {name: after[name] - before.get(name, 0) for name in after}
    widest = max(grown, key=lambda name: grown[name])
    print(
        f"{distinct:,} distinct values of each label: {widest} grew most, by {grown[widest]} label sets to {after[widest]}"
    )


def roll_up_newest(project: Any, *, hours: int) -> None:
    from django.utils import timezone

    from observatory.metrics import catalogue, staleness
    from observatory.metrics.rollup.run import roll_up

    now = timezone.now()
    last = int(now.timestamp())
    minutes = range(last - hours * 3_600, last + 60, 60)
    staleness.mark([(project.pk, source, at) for source in catalogue.sources() for at in minutes], now=now)
    start = time.monotonic()
    buckets = roll_up(now=now)
    print(f"the newest {hours} hours rolled up: {buckets:,} buckets in {time.monotonic() - start:.0f} s")


def scrape(key: str) -> dict[str, int]:
    """Print how long GET /metrics takes, with key and middleware; return the number of label sets of each family."""
    from django.test import Client
    from prometheus_client.parser import text_string_to_metric_families

    client, text = Client(), ""
    client.get("/metrics", HTTP_HOST="127.0.0.1")  # loads the routes
    for name, accept in ACCEPTS.items():
        times = []
        for _ in range(SCRAPES):
            start = time.perf_counter()
            answer = client.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {key}", HTTP_ACCEPT=accept, HTTP_HOST="127.0.0.1")
            times.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200, answer.content
        text = text or answer.content.decode()
        lines = answer.content.count(b"\n")
        print(
            f"{name:12} {statistics.median(times):6.1f} ms median, {max(times):6.1f} ms worst, {lines:6,} lines, "
            f"{len(answer.content) / 1000:,.0f} kB"
        )
    sets: dict[str, set[Any]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = frozenset(one for one in sample.labels.items() if one[0] != "le")
            sets.setdefault(family.name, set()).add(labels)
    return {name: len(found) for name, found in sets.items()}


def fill_distinct(project: Any, count: int) -> None:
    """Store interactions, spans and events of the last hour in which every value of a label comes once."""
    from interactions.models import Event, Interaction, Kind, Span

    start = time.monotonic()
    write(Interaction, project, count, lambda number: {
        "interaction_id": secrets.token_hex(16), "trace_id": secrets.token_bytes(16), "model": f"model-{number}",
        "model_version": f"version-{number}", "environment": f"environment-{number}", "prompt_name": f"prompt-{number}",
        "user_id": f"user-{number}", "session_id": f"session-{number}", "latency_ms": float(number % 9_000),
        "generation_ms": float(number % 7_000), "retrieval_ms": float(number % 500), "confidence": number % 100 / 100,
        "time_to_first_token_ms": float(number % 900), "input_tokens": 100, "output_tokens": 10, "tags": "[]",
    })  # fmt: skip
    write(Span, project, count, lambda number: {
        "trace_id": secrets.token_bytes(16), "span_id": secrets.token_bytes(8), "kind": int(Kind.LLM),
        "name": f"span-{number}", "model": f"model-{number}", "duration_ms": float(number % 3_000), "http_method": "GET",
        "http_route": f"/orders/{number}", "http_status": 200, "http_user_type": "anonymous",
    })  # fmt: skip
    write(Event, project, count, lambda number: {
        "event_id": f"event-{number}", "type": "graph.node.exit", "component": f"component-{number}", "body_hash": number,
        "duration_ms": float(number % 3_000), "data": f'{{"node_name": "node-{number}", "status": "error"}}',
    })  # fmt: skip
    print(f"{3 * count:,} records with values of their own written in {time.monotonic() - start:.0f} s")


def write(model: Any, project: Any, count: int, values: Callable[[int], dict[str, Any]]) -> None:
    from django.db import transaction

    from observatory.core import bulk

    fields = [field for field in model._meta.concrete_fields if field.name != "id"]
    empty = {field.column: None if field.null else field.get_default() for field in fields} | {"project_id": project.pk}
    time_column = next(name for name in ("asked_at", "started_at", "occurred_at") if name in empty)
    end = int(time.time() * 1_000_000)

    def rows() -> Iterator[tuple[Any, ...]]:
        for number in range(count):
            at = bulk.database_time(end - number * 3_600_000_000 // count)
            row = empty | values(number) | {time_column: at}
            yield tuple(row[name] for name in empty)

    some = rows()
    for _ in range(0, count, ROWS_A_TRANSACTION):
        with transaction.atomic():
            bulk.insert(model, tuple(empty), [row for _, row in zip(range(ROWS_A_TRANSACTION), some, strict=False)])


if __name__ == "__main__":
    main()
