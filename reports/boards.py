"""The boards that come with Observatory. An operator's own are rows (`reports.models.Board`); both show panels."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.panels import traffic  # noqa: F401  (declares its panels)


@dataclass(frozen=True, slots=True)
class DeclaredBoard:
    """A board of the product: `panels` are names, in their order on the page."""

    name: str
    title: str
    panels: Sequence[str]
    default_range: str = "24h"


OVERVIEW = DeclaredBoard("overview", "Overview", ("requests",))
BOARDS = {board.name: board for board in (OVERVIEW,)}
