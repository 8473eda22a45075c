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


_declared: dict[str, Panel] = {}


def declare(*panels: Panel) -> None:
    """Make panels known. ValueError if a name is taken."""
    for panel in panels:
        if panel.name in _declared:
            raise ValueError(f"There are two panels {panel.name}.")
        _declared[panel.name] = panel


def panel(name: str) -> Panel:
    """KeyError for a name that was not declared."""
    return _declared[name]


def panels() -> list[Panel]:
    return list(_declared.values())
