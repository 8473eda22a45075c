"""The models that applications used: from the newest facts with whom they are called, from buckets how much."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from interactions.models import Interaction, Kind, PricingGap, Span
from interactions.pricing.names import ANY_END, bare_name
from interactions.reading.models_before import COUNTED, Pair, pairs_before, place_of_model
from observatory.metrics.catalogue import OTHER, metric
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Series
from observatory.metrics.rollup.rows import read
from observatory.metrics.series import Window
from observatory.metrics.windows import read_lines

NEWEST = 2_000  # facts in which providers are looked for first: two index scans of some milliseconds
WINDOW = timedelta(days=30)
CALLS = (Kind.LLM, Kind.EMBEDDING, Kind.RERANKER)
UNNAMED = {"", "unknown", OTHER}
TOKENS = ("interactions.input_tokens", "interactions.output_tokens", "spans.embedding_tokens")


@dataclass(frozen=True, slots=True)
class SeenModel:
    """A model as applications name it; `uses` are interactions, or calls of an embedding, within WINDOW.

    `provider` is "" where they name none, and None where the facts that would say are not among those looked at.
    """

    provider: str | None
    model: str
    uses: int
    tokens: int
    gap: PricingGap | None = None


def seen_models(project_id: int, *, now: datetime) -> list[SeenModel]:
    """Return the models of a project, those without a price first, then by their tokens. Queries: a constant number."""
    gaps = {(gap.provider, gap.model): gap for gap in PricingGap.objects.filter(project_id=project_id)}
    window = Window(now - WINDOW, now)
    uses, tokens = used(project_id, window)
    pairs = newest_pairs(project_id) | set(gaps)
    older = {*uses, *tokens} - _models_of(pairs) - UNNAMED
    pairs |= pairs_before(project_id, sorted(older, key=lambda model: (-tokens.get(model, 0), model)), window)
    known: set[tuple[str | None, str]] = {*pairs, *((None, model) for model in older - _models_of(pairs))}
    found = [
        SeenModel(provider, model, uses.get(model, 0), tokens.get(model, 0), gaps.get((provider or "", model)))
        for provider, model in known
    ]
    return sorted(found, key=lambda one: (one.gap is None, -one.tokens, -one.uses, one.model, one.provider or ""))


def _models_of(pairs: Iterable[Pair]) -> set[str]:
    return {model for _, model in pairs}


def newest_pairs(project_id: int) -> set[Pair]:
    """Who provides which model, in the newest facts."""
    interactions = Interaction.objects.for_project(project_id).newest_first().values_list("provider", "model")
    spans = Span.objects.filter(project_id=project_id).order_by("-started_at").values_list("provider", "model", "kind")
    called = {(provider, model) for provider, model, kind in spans[:NEWEST] if kind in CALLS}
    return {pair for pair in {*interactions[:NEWEST], *called} if pair[1] not in UNNAMED}


def provider_of(pairs: Iterable[Pair]) -> Mapping[str, str]:
    """For each model the provider that is named with it, a named one first."""
    return {model: provider for provider, model in sorted(pairs)}


def used(project_id: int, window: Window) -> tuple[dict[str, int], dict[str, int]]:
    """Uses and tokens by model, from buckets."""
    lines = read_lines([metric(name) for name in {*COUNTED, *TOKENS}], project_id=project_id, window=window)
    uses: dict[str, int] = defaultdict(int)
    tokens: dict[str, int] = defaultdict(int)
    for name, found in lines.items():
        place = place_of_model(name)
        for labels, points in found.points.items():
            if name in COUNTED:
                uses[labels[place]] += sum(point.summary.n for point in points)
            if name in TOKENS:
                tokens[labels[place]] += round(sum(point.summary.total for point in points))
    return uses, tokens


@dataclass(frozen=True, slots=True)
class Match:
    """What a row of the price book would hold for, in all projects."""

    models: Mapping[str, int]

    @property
    def uses(self) -> int:
        return sum(self.models.values())


def matches(model: str, *, since: datetime, now: datetime) -> Match:
    """Return the models seen that the model of a row names, with their uses from a day on, by buckets of days."""
    name = bare_name(model.strip())
    start, end = LEVELS[3].start_of(since.timestamp()), int(now.timestamp()) + 1
    found: dict[str, int] = defaultdict(int)
    ids = {}
    for series_id, of, labels in Series.objects.filter(metric__in=COUNTED).values_list("id", "metric", "labels"):
        place = place_of_model(of)
        if place < len(labels) and labels[place] not in UNNAMED and is_named(bare_name(labels[place]), name):
            ids[series_id] = labels[place]
    for (series_id, _), summary in (read(LEVELS[3], ids, start, end) if ids else {}).items():
        found[ids[series_id]] += summary.n
    return Match(dict(sorted(found.items(), key=lambda pair: -pair[1])))


def is_named(model: str, row: str) -> bool:
    """Whether the model of a row names this one; both in lower case and bare."""
    return model.startswith(row[:-1]) if row.endswith(ANY_END) else model == row
