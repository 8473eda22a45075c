"""What a panel answers with. All of it is data: a page, a mail and a PDF each say it in their own way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from observatory.charts.chart import Chart

NO_QUERY: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Link:
    """Where the facts behind a figure are: a page of the screen (see `reports.links`) and its query.

    The project and, unless the query has its own, the time range are added by who shows it.
    """

    page: str
    query: Mapping[str, str] = field(default_factory=lambda: NO_QUERY)


@dataclass(frozen=True, slots=True)
class Change:
    """Against the window before: `words` such as "+12 %", and whether that is "better", "worse" or "" (neither)."""

    words: str
    judgement: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure. `reason` says why there is none; then it is grey. `interval` is of 95 % confidence."""

    name: str
    value: str
    n: int | None = None
    change: Change | None = None
    interval: str = ""
    note: str = ""
    reason: str = ""
    judgement: str = ""  # good, fair, warn or bad: of the figure itself, where there is a rule for it
    spark: Sequence[float | None] = ()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """`is_short` keeps the words of its cells on one line, like moments and identifiers."""

    name: str
    is_number: bool = False
    is_short: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """`words` may come from observed data. `share` (0 to 1) draws a bar behind a number.

    `judgement`: better, worse, or estimate, which has a colour of its own.
    """

    words: str
    link: Link | None = None
    judgement: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`more` says what is not listed."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    more: str = ""

    @property
    def body(self) -> list[list[tuple[Column, Cell]]]:
        """Each row as its cells with their columns."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True, slots=True)
class Content:
    """The answer of a panel. With `reason` there is too little to answer from, and it says why.

    `n_of` says what `n` counts, where that is not interactions.
    """

    tiles: Sequence[Tile] = ()
    chart: Chart | None = None
    table: Table | None = None
    words: str = ""
    n: int | None = None
    n_of: str = ""
    reason: str = ""
    link: Link | None = None
