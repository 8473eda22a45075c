"""The latest interactions of a window, a bounded number of them: for what no bucket keeps, like the words of questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from interactions.models import Interaction
from observatory.metrics.series import Window

MOST_SAMPLED = 5_000  # a twentieth of a second of reading
COLUMNS = ("asked_at", "query_preview", "category", "input_tokens", "output_tokens", "is_error")
TIMES = ("asked_at", "latency_ms", "retrieval_ms", "generation_ms")
# How the metrics call what has no value.
UNNAMED = {"model": "unknown", "environment": "default"}


class Sampled(NamedTuple):
    """`question` is cut at 200 characters."""

    asked_at: datetime
    question: str
    category: str
    input_tokens: int | None
    output_tokens: int | None
    is_error: bool


class Timed(NamedTuple):
    """How long an interaction took, and its stages that tell it."""

    asked_at: datetime
    latency_ms: float | None
    retrieval_ms: float | None
    generation_ms: float | None


R = TypeVar("R", Sampled, Timed)


@dataclass(frozen=True, slots=True)
class Sample(Generic[R]):
    """Those among the latest interactions that pass, newest first. `since`: with more before it, the earliest looked at."""

    rows: list[R]
    looked_at: int
    since: datetime | None = None


def latest(project_id: int, window: Window, *, only: Mapping[str, str], most: int = MOST_SAMPLED) -> Sample[Sampled]:
    """What was asked last; see `_latest`."""
    return _latest(Sampled, COLUMNS, project_id, window, only, most)


def latest_times(project_id: int, window: Window, *, only: Mapping[str, str], most: int = MOST_SAMPLED) -> Sample[Timed]:
    """How long the latest took; see `_latest`."""
    return _latest(Timed, TIMES, project_id, window, only, most)


def _latest(
    make: Callable[..., R], columns: Sequence[str], project_id: int, window: Window, only: Mapping[str, str], most: int
) -> Sample[R]:
    """Look at no more than `most` interactions of the window, along the index by time; `only` is by labels of metrics.

    They are narrowed here and not by the store: it would go through all of a month to find those of a rare model.
    """
    found = Interaction.objects.for_project(project_id).exchanges()
    found = found.filter(asked_at__gte=window.start, asked_at__lt=window.end).newest_first()
    rows = list(found.values_list(*columns, *only)[: most + 1])
    looked_at = rows[:most]
    since = looked_at[-1][0] if len(rows) > most else None
    size = len(columns)
    return Sample([make(*row[:size]) for row in looked_at if _passes(row[size:], only)], len(looked_at), since)


def _passes(labels: tuple[Any, ...], only: Mapping[str, str]) -> bool:
    values = zip(only.items(), labels, strict=True)
    return all((value or UNNAMED.get(name, "")) == wanted for (name, wanted), value in values)
