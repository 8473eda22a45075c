"""What a check of "What needs attention?" tells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from reports.panels.asked import Asked
from reports.panels.content import Link


@dataclass(frozen=True, slots=True)
class Concern:
    """`judgement` is `warn` or `bad`."""

    judgement: str
    what: str
    detail: str
    link: Link


Check = Callable[[Asked], Iterator[Concern]]
