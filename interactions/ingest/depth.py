"""How deep a JSON value is nested, found without recursion: a body may be nested deeper than Python's stack."""

from typing import Any


def is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects are nested deeper than `levels`."""
    layer = [value] if isinstance(value, list | dict) else []
    for _ in range(levels):
        if not layer:
            return False
        layer = [item for parent in layer for item in items_of(parent) if isinstance(item, list | dict)]
    return bool(layer)


def items_of(parent: list[Any] | dict[str, Any]) -> Any:
    return parent.values() if isinstance(parent, dict) else parent
