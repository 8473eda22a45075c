"""The one way into the database: facts, their stale marks and their counts in a single transaction.

Whoever has an answer from `store` may answer 2xx: it is committed. A record whose id is known is not written again:
with the same body it is a duplicate, with another body a conflict.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction

from interactions.ingest import bulk
from interactions.ingest.doorbell import ring
from interactions.ingest.known import Key, known_hashes
from interactions.ingest.plan import Outcome, Plan, make_plan
from interactions.ingest.records import Record, Refusal
from interactions.ingest.rows import EVENT_COLUMNS, INTERACTION_COLUMNS, SPAN_COLUMNS, event_row, interaction_row, span_row
from interactions.models import Event, IngestOutcome, Interaction, Payload, Span, StaleTrace
from interactions.models.fields import pack_id

MAX_TRIES = 8


def store(
    *, project_id: int, signal: str, now: datetime, records: Sequence[Record], refusals: Iterable[Refusal] = ()
) -> list[Outcome]:
    """Commit the records of one request and return what became of each, in their order.

    `signal` names the way in for the counts ("traces", "interactions", ...). `refusals` are records that the caller
    already turned down; they are counted with their reasons, so that received = stored + duplicate + rejected.
    """
    counts = Counter((IngestOutcome.Outcome.REJECTED, refusal.code) for refusal in refusals)
    known: dict[Key, int | None] = {}
    for tries_left in reversed(range(MAX_TRIES)):
        plan = make_plan(records, known)
        try:
            with transaction.atomic():
                _write(project_id, plan, now)
                _count(project_id, signal, counts + _counts_of(plan.outcomes), now)
        except (IntegrityError, OperationalError) as error:
            # Another request may have stored some of these ids, or be doing so at this moment: look which, and try
            # again with the others. Anything else is the caller's to see.
            if not tries_left or (isinstance(error, OperationalError) and "deadlock" not in str(error)):
                raise
            known = known_hashes(project_id, records)
            continue
        if plan.has_facts:
            ring()
        return plan.outcomes
    raise AssertionError("the last try returns or raises")


def _write(project_id: int, plan: Plan, now: datetime) -> None:
    latest_us = int((now + timedelta(seconds=settings.OBSERVATORY["OBSERVATORY_CLOCK_TOLERANCE_S"])).timestamp() * 1_000_000)
    payload_ids = bulk.next_ids(Payload, len(plan.payloads))
    bulk.insert(
        Payload,
        ("id", "project_id", "body"),
        [(payload_id, project_id, body) for payload_id, body in zip(payload_ids, plan.payloads, strict=True)],
    )
    places = dict(zip(plan.payload_keys, payload_ids, strict=True))
    spans = [span_row(project_id, span, places.get(span.trace_id), latest_us) for span in plan.spans]
    bulk.insert(Span, SPAN_COLUMNS, spans)
    interactions = [interaction_row(project_id, one, places[one.interaction_id.hex], latest_us) for one in plan.interactions]
    bulk.insert(Interaction, INTERACTION_COLUMNS, interactions)
    bulk.insert(Event, EVENT_COLUMNS, [event_row(project_id, event, latest_us) for event in plan.events])
    marked_at = bulk.database_time(int(now.timestamp() * 1_000_000))
    marks = [(project_id, pack_id(trace_id, 16), marked_at) for trace_id in plan.stale_traces]
    bulk.insert(StaleTrace, ("project_id", "trace_id", "marked_at"), marks)


def _counts_of(outcomes: Iterable[Outcome]) -> Counter[tuple[str, str]]:
    words = {
        Outcome.STORED: (IngestOutcome.Outcome.STORED, ""),
        Outcome.DUPLICATE: (IngestOutcome.Outcome.DUPLICATE, ""),
        Outcome.CONFLICT: (IngestOutcome.Outcome.REJECTED, "conflict"),
    }
    return Counter(words[outcome] for outcome in outcomes)


def _count(project_id: int, signal: str, counts: Counter[tuple[str, str]], now: datetime) -> None:
    counted_at = bulk.database_time(int(now.timestamp() * 1_000_000))
    rows = [
        (project_id, counted_at, signal, str(outcome), reason[:40], records, False)
        for (outcome, reason), records in counts.items()
        if records
    ]
    columns = ("project_id", "counted_at", "signal", "outcome", "reason", "records", "is_folded")
    bulk.insert(IngestOutcome, columns, rows)


def count_refused(*, project_id: int, signal: str, reason: str, records: int, now: datetime) -> None:
    """Count records that came in a request which was refused as a whole (or, for metrics, taken and not kept)."""
    with transaction.atomic():
        _count(project_id, signal, Counter({(IngestOutcome.Outcome.REJECTED, reason): records}), now)
