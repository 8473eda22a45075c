"""One look at a project, as data: the page shows it at its opening, the stream and the polled address send it as JSON."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from interactions.models import Interaction
from interactions.reading.recent import newest_interactions
from observatory.charts.sparks import spark
from observatory.core import formats
from reports.links import address
from reports.live.figures import Reader
from reports.live.history import History, read_history
from reports.live.notices import Lag, read_lag, read_notices
from reports.live.tiles import tiles
from reports.panels.concerns import Concern
from reports.panels.content import Tile

NEWEST = 10
SLOW_EVERY_S = 5.0  # what comes from buckets, and what needs attention, changes no faster


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The texts of interactions, models and machines are observed: never markup."""

    at: datetime
    tiles: dict[str, Tile]
    notices: Sequence[Concern]
    lag: Lag
    newest: Sequence[Interaction]

    def as_dict(self, slug: str) -> dict[str, Any]:
        frame = {"project": slug}
        return {
            "at": self.at,
            "clock": clock(self.at),
            "tiles": {name: tile_dict(tile) for name, tile in self.tiles.items()},
            "notices": [notice_dict(notice, frame) for notice in self.notices],
            "calm": calm(self.lag),
            "newest": [row_dict(one, slug) for one in self.newest],
        }


class Watched:
    """A project that is looked at again and again. Used by one thread at a time."""

    def __init__(self, project_id: int, slug: str):
        self.project_id, self.slug = project_id, slug
        self.figures = Reader(project_id)
        self._slow: tuple[float, History, Lag, list[Concern]] | None = None

    def look(self, *, now: datetime) -> Snapshot:
        history, lag, notices = self._read_slow(now)
        figures = self.figures.read(now=now)
        newest = newest_interactions(self.project_id, now=now, most=NEWEST)
        return Snapshot(now, tiles(figures, history), notices, lag, newest)

    def _read_slow(self, now: datetime) -> tuple[History, Lag, list[Concern]]:
        if self._slow is None or time.monotonic() - self._slow[0] >= SLOW_EVERY_S:
            history, lag = read_history(self.project_id, now=now), read_lag(now=now)
            notices = read_notices(self.project_id, lag=lag, now=now)
            self._slow = (time.monotonic(), history, lag, notices)
        return self._slow[1:]


def clock(at: datetime) -> str:
    return f"{at.astimezone(UTC):%H:%M:%S} UTC"


def tile_dict(tile: Tile) -> dict[str, Any]:
    return {
        "value": tile.value,
        "n": "" if tile.n is None else f"n = {tile.n:,},",
        "note": tile.reason or tile.note,
        "is_grey": bool(tile.reason),
        "judgement": tile.judgement,
        "spark": spark(tile.spark),
    }


def notice_dict(concern: Concern, frame: dict[str, str]) -> dict[str, str]:
    """`words` may name what was observed."""
    words = f"{concern.what}. {concern.detail}"
    return {"words": words, "judgement": concern.judgement, "url": address(concern.link, frame)}


def calm(lag: Lag) -> str:
    """What is said where nothing needs attention."""
    return (
        f"Nothing needs attention. Traces are {lag.digest_s:.1f} s and figures {lag.rollup_s:.1f} s behind. "
        "There are no alert rules yet."
    )


def row_dict(one: Interaction, slug: str) -> dict[str, Any]:
    url = reverse("admin:interactions_interaction_change", args=[one.pk])
    return {
        "key": one.pk,
        "url": f"{url}?{urlencode({'project': slug})}",
        "time": f"{one.asked_at.astimezone(UTC):%H:%M:%S}",
        "day": f"{one.asked_at.astimezone(UTC):%Y-%m-%d}",
        "question": one.query_preview or one.name or "(no question)",
        "model": one.model or formats.UNKNOWN,
        "latency": formats.duration(one.latency_ms),
        "cost": formats.dollars(one.cost_usd),
        "error": (one.error_type or "error") if one.is_error else "",
    }
