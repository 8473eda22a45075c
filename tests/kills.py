"""A process that is killed at a chosen moment: between any two statements, or at any touch of the archive's storage."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.storage import Storage
from django.db import connection


class Killed(BaseException):
    """Nothing in the product catches it, as nothing catches a kill."""


class Moments:
    """Counts the moments at which a kill may come; raises Killed once, at number `fatal` (from 0)."""

    def __init__(self, fatal: int | None = None):
        self.fatal, self.passed = fatal, 0

    def touch(self) -> None:
        self.passed += 1
        if self.fatal is not None and self.passed > self.fatal:
            self.fatal = None
            raise Killed

    def statement(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        # What Django says to undo a transaction is the database's own work after a kill.
        if "SAVEPOINT" not in sql and "core_lease" not in sql:
            self.touch()
        return execute(sql, params, many, context)


@contextmanager
def moments(monkeypatch: Any, fatal: int | None = None) -> Iterator[Moments]:
    """Watch every statement, and every save and delete of a file; kill at the moment of that number."""
    found = Moments(fatal)
    with monkeypatch.context() as patch:
        for name in ("save", "delete"):
            patch.setattr(Storage, name, _before(found, getattr(Storage, name)), raising=True)
        with connection.execute_wrapper(found.statement):
            yield found


def _before(found: Moments, method: Callable[..., Any]) -> Callable[..., Any]:
    def touched(self: Storage, *args: Any, **kwargs: Any) -> Any:
        found.touch()
        return method(self, *args, **kwargs)

    return touched


def tables(*models: Any, without: tuple[str, ...] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of some tables, to be compared."""
    found = {}
    for model in models:
        names = [field.attname for field in model._meta.concrete_fields if field.attname not in without]
        rows = model._default_manager.values_list(*names)
        found[model.__name__] = sorted((tuple(map(_plain, row)) for row in rows), key=repr)
    return found


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
