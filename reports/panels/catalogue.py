"""Every panel, declared once. A board is a list of their names."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from reports.panels.asked import Asked
from reports.panels.content import Content

Width = Literal["third", "half", "whole"]


@dataclass(frozen=True, slots=True)
class Panel:
    """`name` is what boards and links know it by; `title` asks the question that `answer` answers.

    `group` gathers panels where they are chosen from.
    """

    name: str
    title: str
    help: str
    group: str
    answer: Callable[[Asked], Content]
    width: Width = "half"


Family = Callable[[str], Panel]
_declared: dict[str, Panel] = {}
_families: dict[str, Family] = {}


def declare(*panels: Panel) -> None:
    """Make panels known. ValueError if a name is taken."""
    for panel in panels:
        if panel.name in _declared:
            raise ValueError(f"There are two panels {panel.name}.")
        _declared[panel.name] = panel


def declare_family(prefix: str, make: Family) -> None:
    """Make known the panels `PREFIX:REST`: `make(REST)` returns one, or raises KeyError. ValueError if it is taken."""
    if prefix in _families:
        raise ValueError(f"There are two families of panels {prefix}.")
    _families[prefix] = make


def panel(name: str) -> Panel:
    """KeyError for a name that was not declared, and of whose family there is no such panel."""
    prefix, colon, rest = name.partition(":")
    return _families[prefix](rest) if colon else _declared[name]


def panels() -> list[Panel]:
    """All that were declared one by one; those of families are made when they are asked for."""
    return list(_declared.values())
