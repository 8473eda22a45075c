"""What a board of an operator is made of, apart from any page: places for panels, in order, each with a width."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reports.boards import DeclaredBoard
from reports.models import Board
from reports.panels.catalogue import Panel, Width, panel

MAX_PANELS = 30  # each reads buckets of its own; a page is answered in a blink
WIDTHS: dict[str, str] = {"third": "a third", "half": "half", "whole": "whole width"}


@dataclass(frozen=True, slots=True)
class Place:
    """A panel by its name. `width` "" is the one that the panel was declared with."""

    name: str
    width: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    """A board as it is shown: its panels in order, and the names of those that are no longer declared."""

    title: str
    panels: Sequence[Panel]
    gone: Sequence[str]
    default_range: str


def places_of(stored: Iterable[Any]) -> list[Place]:
    """What a board stored: `{"panel": name, "width": width}`, or the name alone."""
    found = []
    for one in stored:
        entry = one if isinstance(one, dict) else {"panel": one}
        width = entry.get("width", "")
        found.append(Place(str(entry.get("panel", "")), width if width in WIDTHS else ""))
    return found


def stored_places(places: Iterable[Place]) -> list[dict[str, str]]:
    return [{"panel": one.name, **({"width": one.width} if one.width else {})} for one in places]


def known_panel(name: str) -> Panel | None:
    """None for a panel that is not, or no longer, declared."""
    try:
        return panel(name)
    except KeyError:
        return None


def composed(board: Board) -> Composed:
    places = places_of(board.panels)
    known = [(place, found) for place in places if (found := known_panel(place.name))]
    gone = [place.name for place in places if known_panel(place.name) is None]
    return Composed(board.title, [sized(found, place.width) for place, found in known], gone, board.default_range)


def composed_of_declared(board: DeclaredBoard) -> Composed:
    return Composed(board.title, [panel(name) for name in board.panels], (), board.default_range)


def sized(one: Panel, width: str) -> Panel:
    widths: dict[str, Width] = {"third": "third", "half": "half", "whole": "whole"}
    return replace(one, width=widths[width]) if width in widths else one
