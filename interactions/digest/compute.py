"""From the facts of some traces to the rows that are derived from them. Reads only."""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from interactions.digest.assemble import Assembled, assemble
from interactions.digest.facts import TraceFacts, load_traces
from interactions.models import Interaction
from interactions.pricing.book import PriceBook
from interactions.pricing.rates import usage_of
from interactions.search import words_of
from interactions.trace_notes import Subject, subjects_of

SMALLEST_AMOUNT = Decimal("1e-12")
NAMESPACE = uuid.UUID("6a3f2f0e-55a8-4d0c-9f2b-0d6f8f7d4c11")  # ours; never changes, or every link to a trace would


@dataclass(slots=True)
class Derived:
    """What a digest of some traces of one project will write."""

    project_id: int
    assembled: dict[str, Assembled] = field(default_factory=dict)
    span_costs: list[tuple[str, str, Decimal | None]] = field(default_factory=list)
    native_changes: list[Interaction] = field(default_factory=list)
    native_words: list[tuple[int, str]] = field(default_factory=list)
    traces_with_natives: list[str] = field(default_factory=list)
    gaps: set[tuple[str, str]] = field(default_factory=set)
    priced: set[tuple[str, str]] = field(default_factory=set)
    subjects: set[tuple[str, str, str]] = field(default_factory=set)  # (trace, kind, id): see trace_notes.py
    span_times: set[float] = field(default_factory=set)  # Unix seconds, whole minutes


def interaction_id_of(project_id: int, trace_id: str) -> uuid.UUID:
    """The id of an assembled interaction: always the same for the same trace, so it can be rebuilt."""
    return uuid.uuid5(NAMESPACE, f"{project_id}:{trace_id}")


def derive(project_id: int, trace_ids: list[str], book: PriceBook) -> Derived:
    """Compute everything that follows from the facts of the traces."""
    derived = Derived(project_id)
    for trace_id, facts in load_traces(project_id, trace_ids).items():
        costs = price_spans(derived, facts, book)
        derived.span_times |= {span.row.started_at.timestamp() // 60 * 60 for span in facts.spans}
        assembled = assemble(facts.spans, costs) if facts.spans else None
        derived.subjects |= {(trace_id, *subject) for subject in unsaid_subjects(facts, assembled)}
        if facts.natives:
            derived.traces_with_natives.append(trace_id)
            _derive_natives(derived, facts, assembled, book)
        elif assembled and not facts.is_cut:
            derived.assembled[trace_id] = assembled
    return derived


def price_spans(derived: Derived, facts: TraceFacts, book: PriceBook) -> dict[str, Decimal]:
    """Price the calls of a trace; note the costs that are new. A cost that the client gave stands."""
    costs: dict[str, Decimal] = {}
    for span in facts.spans:
        row = span.row
        if row.is_cost_given and row.cost_usd is not None:
            costs[row.span_id] = row.cost_usd
            continue
        usage = usage_of(row)
        if usage is None or not row.model:
            continue
        cost = book.cost(model=row.model, provider=row.provider, at=row.started_at, usage=usage)
        (derived.gaps if cost is None else derived.priced).add((row.provider, row.model))
        if cost is not None:
            costs[row.span_id] = cost
        if is_other_amount(row.cost_usd, cost):
            derived.span_costs.append((facts.trace_id, row.span_id, cost))
    return costs


def is_other_amount(stored: Decimal | None, computed: Decimal | None) -> bool:
    """Whether two costs differ in what the store keeps of them: SQLite rounds to a double."""
    if stored is None or computed is None:
        return stored is not computed
    return abs(stored - computed) >= SMALLEST_AMOUNT


def unsaid_subjects(facts: TraceFacts, assembled: Assembled | None) -> set[Subject]:
    """The users and sessions that spans name and no interaction of the trace does."""
    named = {subject for span in facts.spans for subject in subjects_of(span.texts)}
    for native in facts.natives:
        named -= {("user", native.user_id), ("session", native.session_id)}
    if assembled and not facts.natives and not facts.is_cut:
        named -= {("user", assembled.values["user_id"]), ("session", assembled.values["session_id"])}
    return named


def _derive_natives(derived: Derived, facts: TraceFacts, assembled: Assembled | None, book: PriceBook) -> None:
    """Price the native interactions of a trace. The spans of a trace stand behind its only native interaction."""
    for native in facts.natives:
        texts = facts.native_texts.get(native.pk, {})
        derived.native_words.append((native.pk, words_of(texts.get("query", ""), texts.get("answer", ""))))
        cost_before, spans_before = native.cost_usd, native.span_count
        native.span_count = spans_before if facts.is_cut else len(facts.spans)
        # What the spans of a cut trace gave before, they cannot give again.
        if not native.is_cost_given and not (facts.is_cut and usage_of(native) is None):
            if assembled and usage_of(native) is None and len(facts.natives) == 1:
                native.cost_usd = assembled.values["cost_usd"]
            else:
                native.cost_usd = native_cost(derived, native, book)
        if native.span_count != spans_before or is_other_amount(cost_before, native.cost_usd):
            derived.native_changes.append(native)


def native_cost(derived: Derived, native: Interaction, book: PriceBook) -> Decimal | None:
    """Price a native interaction by its own tokens; None where it has none, or no known price."""
    usage = usage_of(native)
    if usage is None or not native.model:
        return None
    cost = book.cost(model=native.model, provider=native.provider, at=native.asked_at, usage=usage)
    (derived.gaps if cost is None else derived.priced).add((native.provider, native.model))
    return cost
