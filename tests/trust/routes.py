"""Every route of the URL conf, the admin's included, with the methods that it offers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class Route:
    """`pattern` is what the tables call it: a path with `<parameters>`."""

    pattern: str
    callback: Any

    @property
    def is_admin(self) -> bool:
        return self.pattern.startswith("/admin/")

    @property
    def takes_keys(self) -> bool:
        return hasattr(getattr(self.callback, "view_class", None), "scopes")

    @property
    def methods(self) -> list[str]:
        view = getattr(self.callback, "view_class", None) or getattr(self.callback, "cls", None)
        if self.is_admin or view is None:
            return ["GET", "POST"]
        return [name.upper() for name in ("get", "post", "put", "patch", "delete", "options") if hasattr(view, name)]

    def path(self, **values: object) -> str:
        """The path with its parameters filled in; a parameter without a value is a KeyError."""
        return PARAMETER.sub(lambda match: str(values[match[1]]), self.pattern)


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "/"))


def api_routes() -> list[Route]:
    return [route for route in all_routes() if not route.is_admin]


def admin_routes() -> list[Route]:
    """By their patterns: Django has them in the order in which somebody imported the admin's modules."""
    return sorted((route for route in all_routes() if route.is_admin), key=lambda route: route.pattern)


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        text = str(pattern.pattern)
        path = prefix + GROUP.sub(r"<\1>", text).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            yield Route(path, pattern.callback)


def admin_pages() -> list[str]:
    """The admin routes that answer a superuser's GET with 200, by the table."""
    rows = (line.split() for line in (Path(__file__).parent / "admin_routes.txt").read_text().splitlines())
    return [row[1] for row in rows if row[0] == "GET" and row[-1] == "200"]
