"""The one way into the database: facts, their stale marks and their counts in a single transaction.

Whoever has an answer from `store` may answer 2xx: it is committed. A record whose id is known is not written again:
with the same body it is a duplicate, with another body a conflict.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction

from interactions.ingest.commit import GroupCommit
from interactions.ingest.doorbell import ring
from interactions.ingest.known import Key, known_hashes
from interactions.ingest.plan import Outcome, Plan, make_plan, stored_lately
from interactions.ingest.records import Record, Refusal
from interactions.ingest.rows import EVENT_COLUMNS, INTERACTION_COLUMNS, SPAN_COLUMNS, event_row, interaction_row, span_row
from interactions.ingest.said import tell_of_records
from interactions.metrics.sources import EVENTS, OUTCOMES
from interactions.models import Event, IngestOutcome, Interaction, Payload, Span, StaleTrace
from interactions.models.fields import pack_id
from interactions.payloads import shared
from interactions.pricing.rates import Name, Rates
from interactions.pricing.recent import RecentRates
from observatory.core import bulk
from observatory.metrics import staleness

MAX_TRIES = 8
OUTCOME_COLUMNS = ("project_id", "counted_at", "signal", "outcome", "reason", "records", "is_folded")
Counts = Counter[tuple[str, str]]  # (outcome, reason) -> records


@dataclass(frozen=True)
class Batch:
    """Records of one project and way in. `signal` names the way in for the counts ("traces", "interactions", ...).

    `refusals` are records that the caller already turned down; they are counted with their reasons, so that
    received = stored + duplicate + rejected.
    """

    project_id: int
    signal: str
    records: Sequence[Record]
    refusals: Sequence[Refusal] = ()


@dataclass
class Work:
    """What one batch writes."""

    project_id: int
    signal: str
    now: datetime
    plan: Plan
    counts: Counts
    rates: Mapping[Name, Rates] = field(default_factory=dict)


def store(
    *, project_id: int, signal: str, now: datetime, records: Sequence[Record], refusals: Sequence[Refusal] = ()
) -> list[Outcome]:
    """Commit the records of one request and return what became of each, in their order."""
    (outcomes,) = store_together([Batch(project_id, signal, records, refusals)], now=now)
    return outcomes


def store_together(batches: Sequence[Batch], *, now: datetime) -> list[list[Outcome]]:
    """Commit batches of one moment, all or none, and return what became of each record of each."""
    if not any(batch.records or batch.refusals for batch in batches):
        return [[] for _ in batches]
    known: list[dict[Key, int | None]] = [{} for _ in batches]
    for tries_left in reversed(range(MAX_TRIES)):
        works = [_work(batch, seen, now) for batch, seen in zip(batches, known, strict=True)]
        try:
            _group.run(works, size=sum(len(batch.records) for batch in batches))
        except (IntegrityError, OperationalError) as error:
            # Another request may have stored some of these ids, or be doing so at this moment: look which, and try
            # again with the others. Anything else is the caller's to see.
            if not tries_left or (isinstance(error, OperationalError) and "deadlock" not in str(error)):
                raise
            known = [known_hashes(batch.project_id, batch.records) for batch in batches]
            continue
        for work in works:
            stored_lately.remember(work.plan.marks)
        if any(work.plan.has_facts for work in works):
            ring()
        return [work.plan.outcomes for work in works]
    raise AssertionError("the last try returns or raises")


def _work(batch: Batch, known: Mapping[Key, int | None], now: datetime) -> Work:
    plan = make_plan(batch.project_id, batch.records, known)
    refused = Counter((str(IngestOutcome.Outcome.REJECTED), refusal.code) for refusal in batch.refusals)
    return Work(batch.project_id, batch.signal, now, plan, refused + _counts_of(plan.outcomes), recent_rates.read())


def count_refused(*, project_id: int, signal: str, reason: str, records: int, now: datetime) -> None:
    """Count records that came in a request which was refused as a whole (or, for metrics, taken and not kept)."""
    _count(project_id, signal, now, {(str(IngestOutcome.Outcome.REJECTED), reason): records})


def count_kept(*, project_id: int, signal: str, stored: int, refusals: Iterable[Refusal], now: datetime) -> None:
    """Count records that another store than this one has taken, and what was refused of the same request."""
    refused = Counter((str(IngestOutcome.Outcome.REJECTED), refusal.code) for refusal in refusals)
    _count(project_id, signal, now, refused + Counter({(str(IngestOutcome.Outcome.STORED), ""): stored}))


def _count(project_id: int, signal: str, now: datetime, counts: Mapping[tuple[str, str], int]) -> None:
    _group.run([Work(project_id, signal, now, Plan(), Counter(counts))], size=1)


def _commit(waiting: list[list[Work]]) -> None:
    works = [work for request in waiting for work in request]
    with transaction.atomic():
        _write_payloads_and_facts(works)
        for work in works:
            tell_of_records(work.project_id, work.plan.events, work.plan.spans, now=work.now)
        marks = [
            (work.project_id, pack_id(trace_id, 16), _text(work.now))
            for work in works
            for trace_id in work.plan.stale_traces
        ]
        bulk.insert(StaleTrace, ("project_id", "trace_id", "marked_at"), marks)
        bulk.insert(IngestOutcome, OUTCOME_COLUMNS, _count_rows(works))
        staleness.mark(_stale_minutes(works), now=max(work.now for work in works))


_group = GroupCommit(_commit)
recent_rates = RecentRates()


def _stale_minutes(works: list[Work]) -> Iterator[tuple[int, str, float]]:
    """The minutes of metrics that the facts change. Those of spans and interactions are marked by their digest."""
    counted_at = max(work.now for work in works).timestamp()
    for work in works:
        if work.counts:
            yield work.project_id, OUTCOMES.name, counted_at
        for event in work.plan.events:
            yield work.project_id, EVENTS.name, event.occurred_us / 1_000_000


def _count_rows(works: list[Work]) -> list[tuple[Any, ...]]:
    """Sum what shares a commit: one row for each project, way in, outcome and reason."""
    sums: Counter[tuple[int, str, str, str]] = Counter()
    for work in works:
        for (outcome, reason), records in work.counts.items():
            sums[work.project_id, work.signal, outcome, reason[:40]] += records
    counted_at = _text(max(work.now for work in works))
    return [
        (project_id, counted_at, signal, outcome, reason, records, False)
        for (project_id, signal, outcome, reason), records in sums.items()
        if records
    ]


def _write_payloads_and_facts(works: list[Work]) -> None:
    ids = iter(bulk.next_ids(Payload, sum(len(work.plan.payloads) for work in works)))
    payloads, uses, spans, interactions, events = [], [], [], [], []
    for work in works:
        project_id, plan, latest_us = work.project_id, work.plan, _latest_us(work.now)
        blocks = [(next(ids), block) for block in plan.payloads]
        payloads += [(block_id, project_id, block.body) for block_id, block in blocks]
        uses += [shared.Use(block_id, project_id, block.shared) for block_id, block in blocks if block.shared]
        of_traces = {trace_id: blocks[place][0] for trace_id, place in plan.of_traces.items()}
        spans += [span_row(project_id, span, of_traces.get(span.trace_id), latest_us, work.rates) for span in plan.spans]
        interactions += [
            interaction_row(project_id, one, blocks[plan.of_interactions[one.interaction_id.hex]][0], latest_us)
            for one in plan.interactions
        ]
        events += [event_row(project_id, event, latest_us) for event in plan.events]
    shared.keep(uses)
    bulk.insert(Payload, ("id", "project_id", "body"), payloads)
    bulk.insert(Span, SPAN_COLUMNS, spans)
    bulk.insert(Interaction, INTERACTION_COLUMNS, interactions)
    bulk.insert(Event, EVENT_COLUMNS, events)


def _counts_of(outcomes: Iterable[Outcome]) -> Counts:
    words = {
        Outcome.STORED: (str(IngestOutcome.Outcome.STORED), ""),
        Outcome.DUPLICATE: (str(IngestOutcome.Outcome.DUPLICATE), ""),
        Outcome.CONFLICT: (str(IngestOutcome.Outcome.REJECTED), "conflict"),
    }
    return Counter(words[outcome] for outcome in outcomes)


def _text(moment: datetime) -> str:
    return bulk.database_time(int(moment.timestamp() * 1_000_000))


def _latest_us(now: datetime) -> int:
    tolerance = timedelta(seconds=settings.OBSERVATORY["OBSERVATORY_CLOCK_TOLERANCE_S"])
    return int((now + tolerance).timestamp() * 1_000_000)
