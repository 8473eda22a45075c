"""What a request asks of a metric, parsed and refused with a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import QueryDict

from observatory.core.errors import ApiError
from observatory.core.moments import EARLIEST, LATEST
from observatory.core.parameters import moment
from observatory.metrics.catalogue import Metric
from observatory.metrics.levels import Level
from observatory.metrics.models import Horizon
from observatory.metrics.series import MOST_POINTS, SHOWN, Window, level_for

PARAMETERS = ("since", "until", "by", "where", "resolution")
DEFAULT_SPAN = timedelta(hours=24)
MOST_ANSWERED = 20_000  # points of all series together: about 4 MB of JSON
RESOLUTIONS = {level.name: level for level in SHOWN}


@dataclass(frozen=True, slots=True)
class Asked:
    window: Window
    by: tuple[str, ...]
    where: Mapping[str, str]
    level: Level | None


def parse_query_string(parameters: QueryDict, metric: Metric, *, now: datetime) -> Asked:
    """Return what the parameters of an address ask; see `parse`."""
    by = [name for text in parameters.getlist("by") for name in text.split(",") if name]
    return parse(parameters, metric, now=now, by=by, where=_where(parameters.getlist("where")))


def parse(
    parameters: Mapping[str, str], metric: Metric, *, now: datetime, by: Sequence[str], where: Mapping[str, str]
) -> Asked:
    """Return what is asked; raises ApiError with the parameter that is wrong."""
    labels = [label.name for label in metric.labels]
    for name in by:
        _check_label(name, labels, field="by")
    for name in where:
        _check_label(name, labels, field="where")
    window = parse_window(parameters, now=now)
    return Asked(window, tuple(dict.fromkeys(by)), where, _level(parameters, window))


def parse_window(parameters: Mapping[str, str], *, now: datetime, default: timedelta = DEFAULT_SPAN) -> Window:
    """Return [since, until): until now, and `default` long, where nothing else is asked."""
    end = moment(parameters, "until") or now
    try:
        start = moment(parameters, "since") or end - default
    except OverflowError:
        raise ApiError("invalid", "expected a time after the year 1", field="until") from None
    if start < EARLIEST:
        raise ApiError("invalid", "expected a time from 1970 on", field="since")
    if end > LATEST:
        raise ApiError("invalid", "expected a time before the year 9000", field="until")
    if start >= end:
        raise ApiError("invalid", "since must be before until", field="since")
    if (end - start).total_seconds() / SHOWN[-1].seconds > MOST_POINTS:
        raise ApiError("too_many_points", f"a window has at most {MOST_POINTS} days", field="since")
    return Window(start, end)


def _where(texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon:
            raise ApiError("invalid", "expected where=label:value", field="where")
        if found.setdefault(name, value) != value:
            raise ApiError("invalid", f"{name} cannot have two values", field="where")
    return found


def _check_label(name: str, labels: Sequence[str], *, field: str) -> None:
    if name not in labels:
        known = f"its labels are {', '.join(labels)}" if labels else "it has no labels"
        raise ApiError("unknown_label", f"the metric has no such label; {known}", field=field)


def _level(parameters: Mapping[str, str], window: Window) -> Level | None:
    name = parameters.get("resolution", "").strip()
    if not name:
        return None
    level = RESOLUTIONS.get(name)
    if level is None:
        raise ApiError("invalid", f"expected one of {', '.join(RESOLUTIONS)}", field="resolution")
    if window.seconds / level.seconds > MOST_POINTS:
        raise ApiError(
            "too_many_points", f"{name} gives more than {MOST_POINTS} points; ask a coarser one", field="resolution"
        )
    return level


def level_of(asked: Asked, metric: Metric, *, project_id: int, lines: int) -> Level:
    """The resolution of the answer: the one asked for, if it is kept and `lines` fit into one answer, else one that does."""
    finest = level_for(metric, project_id=project_id, window=asked.window)
    wanted = [asked.level] if asked.level else SHOWN[SHOWN.index(finest) :]
    fitting = [level for level in wanted if lines <= most_lines(asked.window, level)]
    if not fitting:
        reason = f"{lines} series have more than {MOST_ANSWERED:,} points; ask a coarser resolution or a shorter window"
        raise ApiError("too_many_points", reason, field="by")
    if asked.level is None:
        return fitting[0]
    start = asked.window.start.timestamp()
    number = SHOWN.index(asked.level)
    gone = Horizon.objects.filter(project_id=project_id, source=metric.source.name, level=number, until__gt=start)
    if gone.exists():
        reason = f"{asked.level.name} is no longer kept for the beginning of the window; {finest.name} is"
        raise ApiError("not_kept", reason, field="resolution")
    return asked.level


def most_lines(window: Window, level: Level) -> int:
    """How many series of a window one answer holds."""
    return int(MOST_ANSWERED // max(1.0, window.seconds / level.seconds))
