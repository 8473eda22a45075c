"""Some interactions of a re-pricing: what they and their calls would cost by today's price book. Reads only.

An interaction without spans of its own is priced by its own tokens, one that was assembled by its calls, as the digest
does; no text is read for it. Calls belong to the first interaction of their trace.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from interactions.digest.assemble import counted_calls, total_cost
from interactions.digest.compute import Derived, is_other_amount, native_cost, price_spans
from interactions.digest.facts import SpanFact, TraceFacts
from interactions.digest.span_rows import load_span_rows
from interactions.models import Interaction, InteractionQuerySet, Origin, Repricing
from interactions.models.fields import TOKENS
from interactions.pricing.book import PriceBook
from interactions.pricing.names import bare_name
from interactions.pricing.rates import usage_of
from interactions.repricing.tally import Tally
from interactions.trace_notes import cut_traces

INTERACTIONS_A_BATCH = 500
COLUMNS = (
    f"project_id trace_id origin is_cost_given asked_at user_id model provider span_count cost_usd {' '.join(TOKENS)}"
).split()


@dataclass
class Batch:
    """`changes` are interactions with their new costs; `derived` has the new costs of spans, and gaps that close."""

    last: Interaction
    tally: Tally
    derived: Derived
    changes: list[Interaction] = field(default_factory=list)
    span_times: set[float] = field(default_factory=set)


def chosen(job: Repricing) -> InteractionQuerySet:
    """The interactions of the period whose facts were there when it was asked for."""
    since = max(job.since, job.facts_from) if job.facts_from else job.since
    rows = Interaction.objects.for_project(job.project_id).exchanges()
    return rows.filter(asked_at__gte=since, asked_at__lt=job.until)


def next_batch(job: Repricing, tally: Tally, book: PriceBook) -> Batch | None:
    """Price the interactions that follow the last one looked at, and add them to the tally; None if there are none."""
    rows = chosen(job)
    if job.after_at is not None:
        behind = Q(asked_at__gt=job.after_at) | Q(asked_at=job.after_at, id__gt=job.after_id)
        rows = rows.filter(behind, asked_at__gte=job.after_at)
    page = list(rows.order_by("asked_at", "id").only("id", *COLUMNS)[:INTERACTIONS_A_BATCH])
    if not page:
        return None
    batch = Batch(page[-1], tally, Derived(job.project_id))
    traces = [str(one.trace_id) for one in page]
    spans, firsts = _spans(job.project_id, traces), _firsts(job.project_id, traces)
    models, cut = frozenset(job.only_models), set(cut_traces(job.project_id, traces))
    for one in page:
        own = spans.get(str(one.trace_id), [])
        is_whole = one.span_count == len(own) and str(one.trace_id) not in cut
        if not is_whole or (not own and one.origin != Origin.NATIVE):
            tally.incomplete += 1
            continue
        first, number = firsts[str(one.trace_id)]
        costs = _price_calls(batch, str(one.trace_id), own, models, book, is_first=first == one.pk)
        _price_interaction(batch, one, own, costs, models, book, is_only=number == 1)
    return batch


def _spans(project_id: int, trace_ids: Iterable[str]) -> dict[str, list[SpanFact]]:
    found: dict[str, list[SpanFact]] = defaultdict(list)
    for row in sorted(load_span_rows(project_id, trace_ids), key=lambda row: (row.started_at, row.span_id)):
        found[row.trace_id].append(SpanFact(row, {}))
    return found


def _firsts(project_id: int, trace_ids: list[str]) -> dict[str, tuple[int, int]]:
    """For each trace its first interaction, and how many it has."""
    # Sorted here: asked for an order by time, SQLite goes through all interactions by time instead of by trace.
    rows = Interaction.objects.for_project(project_id).filter(trace_id__in=trace_ids)
    found: dict[str, tuple[int, int]] = {}
    for _, key, trace_id in sorted(rows.values_list("asked_at", "id", "trace_id"), key=lambda row: row[:2]):
        first, number = found.get(str(trace_id), (key, 0))
        found[str(trace_id)] = (first, number + 1)
    return found


def _price_calls(
    batch: Batch, trace_id: str, spans: list[SpanFact], models: frozenset[str], book: PriceBook, *, is_first: bool
) -> dict[str, Decimal]:
    """Return the costs of all spans of a trace; note what changes of the chosen models."""
    derived = batch.derived if is_first else Derived(batch.derived.project_id)
    mine = [span for span in spans if is_chosen(span.row.model, models)]
    noted = len(derived.span_costs)
    costs = price_spans(derived, TraceFacts(trace_id, spans=mine), book)
    others = (span.row for span in spans if not is_chosen(span.row.model, models))
    costs |= {row.span_id: row.cost_usd for row in others if row.cost_usd is not None}
    if is_first:
        changed = {span_id for _, span_id, _ in derived.span_costs[noted:]}
        batch.span_times |= {span.row.started_at.timestamp() for span in mine if span.row.span_id in changed}
        for call in counted_calls(mine):
            _count_call(batch.tally, call, costs.get(call.row.span_id))
    return costs


def _count_call(tally: Tally, call: SpanFact, after: Decimal | None) -> None:
    row, name = call.row, bare_name(call.row.model) or "without a name"
    is_other = is_other_amount(row.cost_usd, after)
    tally.of_model(name).add(row.cost_usd, after, is_other=is_other, is_given=row.is_cost_given)


def _price_interaction(
    batch: Batch,
    one: Interaction,
    spans: list[SpanFact],
    costs: dict[str, Decimal],
    models: frozenset[str],
    book: PriceBook,
    *,
    is_only: bool,
) -> None:
    before = one.cost_usd
    if one.is_cost_given:
        after = before
    elif one.origin != Origin.NATIVE or (spans and usage_of(one) is None and is_only):
        after = total_cost(counted_calls(spans), costs)
    else:
        after = native_cost(batch.derived, one, book) if is_chosen(one.model, models) else before
        if usage_of(one) is not None and is_chosen(one.model, models):
            name = bare_name(one.model) or "without a name"
            batch.tally.of_model(name).add(before, after, is_other=is_other_amount(before, after))
    is_other = is_other_amount(before, after)
    batch.tally.whole.add(before, after, is_other=is_other, is_given=one.is_cost_given)
    if is_other:
        one.cost_usd = after
        batch.changes.append(one)


def is_chosen(model: str, models: frozenset[str]) -> bool:
    return not models or bare_name(model) in models
