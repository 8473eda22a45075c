"""The marks of charts: figures in, data of a specification out. A mark says itself in words, for the hover and the table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from observatory.charts.chart import Datum, milliseconds

Say = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure at a moment or of a category. `n` is how many facts it stands on; `drill` the query that lists them.

    `interval` is between which figures the true one lies, where that is known.
    """

    value: float | None
    n: int | None = None
    drill: str = ""
    interval: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class TimeLine:
    """A named row of marks, one a step from `start`; a mark without a value is a gap."""

    name: str
    start: datetime
    step: timedelta
    marks: Sequence[Mark]


def timeline_data(lines: Sequence[TimeLine], *, say: Say, start: datetime, end: datetime) -> list[Datum]:
    """One datum a mark: `t` and `t2` (Unix ms), `name`, `v`, and the words `at`, `said`.

    A step that begins before `start`, or goes on after `end`, is drawn as far as it lies within.
    """
    first, last = milliseconds(start), milliseconds(end)
    found = []
    for line in lines:
        for place, mark in enumerate(line.marks):
            at = line.start + place * line.step
            found.append(
                {
                    "t": min(max(milliseconds(at), first), last),
                    "t2": min(milliseconds(at + line.step), last),
                    "name": line.name,
                    "v": mark.value,
                    **words(mark, say),
                    "at": moment(at, line.step),
                }
            )
    return found


def words(mark: Mark, say: Say) -> Datum:
    """What the hover says of a mark, and where its facts are."""
    said: Datum = {"said": "no values" if mark.value is None else say(mark.value)}
    if mark.interval is not None:
        said["low"], said["high"] = mark.interval
        said["said"] += f" ({say(mark.interval[0])} to {say(mark.interval[1])})"
    if mark.n is not None:
        said["n"] = mark.n
    if mark.drill:
        said["drill"] = mark.drill
    return said


def moment(at: datetime, step: timedelta) -> str:
    """The step that begins at `at`: `21 Nov 2026` of a day, else with the time."""
    at = at.astimezone(UTC)
    return f"{at.day} {at:%b %Y}" if step >= timedelta(days=1) else f"{at.day} {at:%b %H:%M} UTC"
