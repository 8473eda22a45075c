"""Up to where rows were deleted for their age, and what must be quiet before more may go."""

from collections.abc import Iterator

from django.db import connection

from observatory.metrics.levels import LEVELS, Level
from observatory.metrics.models import Horizon, StaleBucket


def horizons(project_id: int, source: str) -> dict[int, int]:
    """Return `{level: until}`; Horizon.FACTS is the level of facts. What is missing was never deleted from."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT level, until FROM {Horizon._meta.db_table} WHERE project_id = %s AND source = %s",  # noqa: S608
            [project_id, source],
        )
        return dict(cursor.fetchall())


def move(project_id: int, source: str, level: int, until: int) -> None:
    """Move a horizon forward, in the transaction that deletes the rows before it. It never goes back."""
    table = Horizon._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS kept (project_id, source, level, until) VALUES (%s, %s, %s, %s) "  # noqa: S608
            "ON CONFLICT (project_id, source, level) DO UPDATE SET until = excluded.until WHERE kept.until < excluded.until",
            [project_id, source, level, until],
        )


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
    sizes = (60, *(level.seconds for level in LEVELS[1:]))
    touching = " OR ".join(["level = %s AND start < %s AND start > %s"] * len(sizes))
    places = [value for number, seconds in enumerate(sizes) for value in (number, end, start - seconds)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT 1 FROM {StaleBucket._meta.db_table} "  # noqa: S608
            f"WHERE project_id = %s AND source = %s AND ({touching}) LIMIT 1",
            [project_id, source, *places],
        )
        return cursor.fetchone() is None
