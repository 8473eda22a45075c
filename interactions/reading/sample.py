"""The latest interactions of a window, a bounded number of them: for what no bucket keeps, like the words of questions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from interactions.models import Interaction
from observatory.metrics.series import Window

MOST_SAMPLED = 10_000  # a tenth of a second of reading
COLUMNS = ("asked_at", "query_preview", "category", "input_tokens", "output_tokens", "is_error")
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


@dataclass(frozen=True, slots=True)
class Sample:
    """The latest interactions, newest first. `is_cut`: there are more, before the last row."""

    rows: list[Sampled]
    is_cut: bool

    @property
    def since(self) -> datetime | None:
        return self.rows[-1].asked_at if self.rows else None


def latest(project_id: int, window: Window, *, only: Mapping[str, str], most: int = MOST_SAMPLED) -> Sample:
    """Read at most `most` interactions of the window, along the index by time. `only` is by labels of metrics."""
    if any("\x00" in value for value in only.values()):
        return Sample([], is_cut=False)  # PostgreSQL refuses a NUL where SQLite finds nothing
    wanted = {name: "" if UNNAMED.get(name) == value else value for name, value in only.items()}
    found = Interaction.objects.for_project(project_id).exchanges().filter(**wanted)
    found = found.filter(asked_at__gte=window.start, asked_at__lt=window.end).newest_first()
    rows = [Sampled(*row) for row in found.values_list(*COLUMNS)[: most + 1]]
    return Sample(rows[:most], is_cut=len(rows) > most)
