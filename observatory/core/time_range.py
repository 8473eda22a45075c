"""The time range of a page, kept in its URL: `range=24h`, or `since` and `until`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

QUICK_RANGES = {
    "1h": ("1 h", timedelta(hours=1)),
    "24h": ("24 h", timedelta(hours=24)),
    "7d": ("7 d", timedelta(days=7)),
    "30d": ("30 d", timedelta(days=30)),
    "90d": ("90 d", timedelta(days=90)),
}
ALL = "all"


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Half-open: since <= time < until. None is open. `key` is that of a quick range, `all`, or "" for a custom one."""

    key: str
    since: datetime | None = None
    until: datetime | None = None


def quick_range(parameters: Mapping[str, str], *, now: datetime, default: str = ALL) -> TimeRange:
    """The range that `range` names; an unknown name is the default. A custom since or until goes before it."""
    if parameters.get("since") or parameters.get("until"):
        return TimeRange("")
    key = parameters.get("range", default)
    if key not in QUICK_RANGES and key != ALL:
        key = default
    return TimeRange(key) if key == ALL else TimeRange(key, since=now - QUICK_RANGES[key][1])


def range_choices(current: TimeRange, url_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """The links of the range switch; `url_of(key)` is the address of this page with that range."""
    labels = {**{key: label for key, (label, _) in QUICK_RANGES.items()}, ALL: "All"}
    return [{"label": label, "url": url_of(key), "is_current": key == current.key} for key, label in labels.items()]
