"""Up to where rows were deleted for their age, and what must be quiet before more may go."""

from collections.abc import Iterator

from django.db.models import Q

from observatory.metrics.levels import LEVELS, Level
from observatory.metrics.models import Horizon, StaleBucket


def horizons(project_id: int, source: str) -> dict[int, int]:
    """Return `{level: until}`; Horizon.FACTS is the level of facts. What is missing was never deleted from."""
    rows = Horizon.objects.filter(project_id=project_id, source=source)
    return dict(rows.values_list("level", "until"))


def move(project_id: int, source: str, level: int, until: int) -> None:
    """Move a horizon forward, in the transaction that deletes the rows before it. It never goes back."""
    row, created = Horizon.objects.get_or_create(
        project_id=project_id, source=source, level=level, defaults={"until": until}
    )
    if not created and row.until < until:
        Horizon.objects.filter(pk=row.pk, until__lt=until).update(until=until)


def finest_left(moment_s: float, until: dict[int, int]) -> Level:
    """The finest level whose bucket around a moment has not been deleted for its age."""
    return next(
        (level for number, level in enumerate(LEVELS[:-1]) if level.start_of(moment_s) >= until.get(number, -1)), LEVELS[-1]
    )


def levels_left(start: int, end: int, until: dict[int, int]) -> Iterator[tuple[Level, int, int]]:
    """Cut [start, end) where another level becomes the finest that is left: `(level, start, end)`."""
    while start < end:
        level = finest_left(start, until)
        number = LEVELS.index(level)
        # Up to its horizon the finer level is gone.
        stop = min(end, max(until[number - 1], level.start_of(start) + level.seconds)) if number else end
        yield level, start, stop
        start = stop


def is_settled(project_id: int, source: str, start: int, end: int) -> bool:
    """Whether no bucket that touches [start, end) waits to be recomputed, or could not be: then what it shows is true."""
    touching = Q()
    for number, seconds in enumerate((60, *(level.seconds for level in LEVELS[1:]))):
        touching |= Q(level=number, start__lt=end, start__gt=start - seconds)
    return not StaleBucket.objects.filter(touching, project_id=project_id, source=source).exists()
