"""A facet as a rule: which parameters narrow together, and which values of them an interaction has."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from interactions.reading.filters import Filters

Value = tuple[str, ...]  # of each parameter; "" where it says nothing


def label_of(value: Value) -> str:
    return " · ".join(filter(None, value))


def has_any(values: Iterable[Value], wanted: Value) -> bool:
    """Whether one of the values agrees in all that is wanted."""
    return any(all(want in {"", one} for want, one in zip(wanted, value, strict=True)) for value in values)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """`parameters` of the list that narrow together, the values that an interaction has of them, and their words."""

    name: str
    parameters: tuple[str, ...]
    values: Callable[[Any], Iterable[Value]]
    label: Callable[[Value], str] = label_of
    fits: Callable[[Any, Value], bool] | None = None

    def chosen(self, filters: Filters) -> Value | None:
        value = tuple(_said(getattr(filters, name)) for name in self.parameters)
        return value if any(value) else None

    def passes(self, row: Any, wanted: Value) -> bool:
        return self.fits(row, wanted) if self.fits else has_any(self.values(row), wanted)


def _said(value: str | float | None) -> str:
    return f"{value:.15g}" if isinstance(value, float) else value or ""
