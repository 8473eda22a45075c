"""Who provided models that the newest facts do not name: looked up where buckets say that they were last used."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice

from django.db.models import Max, Q, QuerySet

from interactions.models import Interaction, Span
from interactions.models.span import Kind
from observatory.metrics.catalogue import metric
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Series
from observatory.metrics.series import Window

COUNTED = ("interactions.count", "spans.embedding_tokens")  # their n: interactions, and calls that embed
MOST = 20  # models that are looked up: of each the facts of five minutes are read
FIVE_MINUTES, HOUR = LEVELS[1], LEVELS[2]
Pair = tuple[str, str]  # provider, model
Stretch = tuple[int, int]  # [start, end) in Unix seconds


def place_of_model(name: str) -> int:
    """Which label of a metric is the model."""
    return next(place for place, label in enumerate(metric(name).labels) if label.name == "model")


def pairs_before(project_id: int, models: Iterable[str], window: Window) -> set[Pair]:
    """Who provides these models, by the facts of when each was last used; MOST of them, in their order. Four queries.

    A model whose facts were deleted for their age is left out.
    """
    asked, embedded = _last_used(project_id, set(islice(models, MOST)), window)
    calls = Span.objects.filter(kind=Kind.EMBEDDING)
    return _pairs(project_id, Interaction.objects.all(), "asked_at", asked) | _pairs(
        project_id, calls, "started_at", embedded
    )


def _last_used(project_id: int, models: Collection[str], window: Window) -> list[dict[str, Stretch]]:
    """For each of COUNTED the five minutes, or where these are not kept the hour, in which a model was last used."""
    of = {}
    for series_id, name, labels in Series.objects.filter(project_id=project_id, metric__in=COUNTED).values_list(
        "id", "metric", "labels"
    ):
        place = place_of_model(name)
        if place < len(labels) and labels[place] in models:
            of[series_id] = (name, labels[place])
    rows = HOUR.rows.filter(series_id__in=of, start__gte=HOUR.start_of(window.start.timestamp()))
    hours = dict(rows.values_list("series_id").annotate(Max("start")))
    steps = {start + step for start in hours.values() for step in range(0, HOUR.seconds, FIVE_MINUTES.seconds)}
    finer = FIVE_MINUTES.rows.filter(series_id__in=hours, start__in=steps)
    fives = dict(finer.values_list("series_id").annotate(Max("start")))
    found: dict[str, dict[str, Stretch]] = {name: {} for name in COUNTED}
    for series_id, hour in hours.items():
        name, model = of[series_id]
        five = fives.get(series_id)
        stretch = (hour, hour + HOUR.seconds) if five is None else (five, five + FIVE_MINUTES.seconds)
        found[name][model] = max(stretch, found[name].get(model, stretch))
    return list(found.values())


def _pairs(project_id: int, rows: QuerySet, time: str, stretches: Mapping[str, Stretch]) -> set[Pair]:
    """The providers of each model in its stretch of time."""
    if not stretches:
        return set()
    wanted = Q()  # each names the project: else SQLite does not take the index of time
    for model, bounds in stretches.items():
        start, end = (datetime.fromtimestamp(bound, UTC) for bound in bounds)
        wanted |= Q(**{"project_id": project_id, "model": model, f"{time}__gte": start, f"{time}__lt": end})
    return set(rows.filter(wanted).values_list("provider", "model").distinct())
