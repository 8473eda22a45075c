"""What a measure says of an answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from feedback.quality.estimate.prepared import Prepared

MOST_FINDINGS = 5
MOST_CHARS = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to look at, in words; with its place in the answer, where it has one."""

    text: str
    start: int | None = None
    end: int | None = None

    def as_dict(self) -> dict[str, Any]:
        place = {} if self.start is None else {"start": self.start, "end": self.end}
        return {"text": self.text, **place}


@dataclass(frozen=True, slots=True)
class Measure:
    """`value` from 0 to 1, 1 is good; None where nothing can be measured, with the reason."""

    value: float | None
    reason: str = ""
    findings: list[Finding] = field(default_factory=list)


Measuring = Callable[[Prepared], Measure]


def nothing(reason: str) -> Measure:
    return Measure(None, reason)


def quoted(text: str, *, most: int = 60) -> str:
    """A piece of a text, on one line, for a finding."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= most else line[: most - 3] + "..."}"'
