"""Many interactions of thirty days, written straight into the table as ingest and digest leave them, and rolled up."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from interactions.metrics.sources import INTERACTIONS
from interactions.models import Interaction, Origin
from observatory.core import bulk
from observatory.metrics import staleness
from observatory.metrics.rollup.run import roll_up
from observatory.projects.models import Project

DAYS = 30
ROWS_A_TRANSACTION = 20_000
ANSWER = (
    "Of case {} it says that goods go back within thirty days, that the buyer pays the way, and that what was opened is not "
    "taken back."
)
MODELS = ("gpt-4o-mini", "gpt-4.1", "claude-sonnet-4", "gemini-1.5-pro", "gemini-1.5-flash")


def fill(project: Project, count: int, *, users: int = 1_000) -> None:
    """Store `count` interactions spread over the last thirty days, with five models and as many users."""
    columns = [field.column for field in Interaction._meta.concrete_fields if not field.primary_key]
    rows = _rows(project.pk, count, columns, users)
    start = time.monotonic()
    for _ in range(0, count, ROWS_A_TRANSACTION):
        with transaction.atomic():
            chunk = [row for row, _ in zip(rows, range(ROWS_A_TRANSACTION), strict=False)]
            bulk.insert(Interaction, columns, chunk)
    print(f"{count:,} interactions written in {time.monotonic() - start:.0f} s")


def roll_up_all(project: Project) -> None:
    """Mark every minute of the thirty days, and roll up."""
    now = timezone.now()
    first = int((now - timedelta(days=DAYS)).timestamp())
    staleness.mark([(project.pk, INTERACTIONS.name, at) for at in range(first, int(now.timestamp()) + 60, 60)], now=now)
    start, cpu = time.monotonic(), time.process_time()
    buckets = roll_up(now=now)
    print(
        f"{buckets:,} buckets recomputed in {time.monotonic() - start:.0f} s, "
        f"{time.process_time() - cpu:.0f} s of them CPU time of this process"
    )


def _rows(project_id: int, count: int, columns: list[str], users: int) -> Iterator[tuple[Any, ...]]:
    draw = random.Random(1)
    fields = {field.column: field for field in Interaction._meta.concrete_fields}
    empty = {name: None if fields[name].null else fields[name].get_default() for name in columns}
    end = datetime.now(UTC).timestamp()
    is_postgresql = connection.vendor == "postgresql"
    for number in range(count):
        at = end - draw.random() * DAYS * 86_400
        latency = draw.lognormvariate(7, 0.6)
        ids = draw.randbytes(16)
        row = empty | {
            "project_id": project_id,
            "interaction_id": str(_uuid(ids)) if is_postgresql else ids.hex(),
            "trace_id": ids,
            "origin": int(Origin.NATIVE),
            "is_error": draw.random() < 0.02,
            "asked_at": bulk.database_time(int(at * 1_000_000)),
            "session_id": f"s{draw.randrange(count // 5 + 1)}",
            "user_id": f"u{draw.randrange(users)}",
            "model": MODELS[number % len(MODELS)],
            "latency_ms": latency,
            "generation_ms": latency * 0.8,
            "retrieval_ms": latency * 0.1,
            "confidence": draw.random(),
            "input_tokens": draw.randrange(200, 2_000),
            "output_tokens": draw.randrange(20, 400),
            "cost_usd": f"{draw.random() / 100:.12f}",
            "tags": "[]",
            "query_preview": f"What does the contract say of case {number}?",
            "answer_preview": ANSWER.format(number),
        }
        yield tuple(row[name] for name in columns)


def _uuid(data: bytes) -> Any:
    import uuid

    return uuid.UUID(bytes=data)
