"""Interactions of a week: assembled ones, native ones, and some whose cost the client gave."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from interactions.digest.run import digest_until_empty
from interactions.ingest.native.batch import parse_all
from interactions.ingest.native.interaction import parse_interaction
from interactions.ingest.native.span import parse_span
from interactions.ingest.store import store
from interactions.models import Interaction, Price, Span

NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)
START = datetime(2026, 3, 1, tzinfo=UTC)


def save(project, signal: str, parse: Callable, items: list[dict]) -> None:
    placed, refusals = parse_all(items, parse, now=NOW)
    assert refusals == []
    store(project_id=project.id, signal=signal, now=NOW, records=[one for _, one in placed], refusals=refusals)


def spans_of(number: int, at: datetime) -> list[dict]:
    """A trace: a chain, an embedding and a call of `acme`, whose framework repeats it."""
    trace = f"{number + 1:032x}"

    def span(place: int, parent: int | None, **values) -> dict:
        parents = {} if parent is None else {"parent_span_id": f"{number * 16 + parent:016x}"}
        at_s = at.timestamp() + place / 10
        named = {"trace_id": trace, "span_id": f"{number * 16 + place:016x}", "name": f"s{place}"}
        return {**named, **parents, "started_at": at_s, "duration_ms": 50, **values}

    call = {"kind": "llm", "model": "acme", "input_tokens": 1_000_000, "output_tokens": 0}
    return [
        span(1, None, kind="chain"),
        span(2, 1, kind="embedding", model="acme-embedding", input_tokens=1_000_000),
        span(3, 1, **call),
        span(4, 3, **call),
    ]


def store_facts(project) -> None:
    """Six traces, a day each: $1 + $10 once there are prices; natives of $10, with a given cost, without a price."""
    Price.objects.create(model="acme", input=10, output=20)
    Price.objects.create(model="acme-embedding", input=1)
    save(project, "spans", parse_span, [one for day in range(6) for one in spans_of(day, START + timedelta(days=day))])
    native = {
        "model": "acme",
        "input_tokens": 1_000_000,
        "output_tokens": 0,
        "asked_at": (START + timedelta(days=1)).isoformat(),
    }
    items = [
        {"id": "a0000000-0000-0000-0000-000000000001", "query": "own", **native},
        {"id": "a0000000-0000-0000-0000-000000000002", "query": "given", **native, "cost_usd": "0.5"},
        {"id": "a0000000-0000-0000-0000-000000000003", "query": "unpriced", **native, "model": "in-house"},
    ]
    save(project, "interactions", parse_interaction, items)
    digest_until_empty()


def total(project) -> Decimal:
    costs = Interaction.objects.for_project(project).values_list("cost_usd", flat=True)
    return sum((cost for cost in costs if cost is not None), Decimal(0))


def span_costs(project) -> list[Decimal | None]:
    return list(Span.objects.filter(project=project).order_by("started_at", "span_id").values_list("cost_usd", flat=True))
