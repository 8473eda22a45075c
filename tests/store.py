"""The database of a run, as migrations left it: the processes take tests in any order, and none may see another's rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


@contextmanager
def lent_to_a_file(blocker: Any) -> Iterator[None]:
    """Open for all tests of a file and for their servers' threads, and emptied after the last. For a fixture `db`."""
    with blocker.unblock():
        yield
        empty()


class _Undo(Exception):
    pass


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens within is undone, so that the same rows serve again: for another kill, or for the next test."""
    from django.db import transaction

    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        return


def empty() -> None:
    """Take all rows away, and put those back that migrations wrote."""
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)
    complete_flush()


def complete_flush() -> None:
    """What Django's flush does not know: the table of words, which is no model's, and the first prices."""
    from django.apps import apps
    from django.db import connection

    from interactions.search import TABLE

    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
    import_module("interactions.migrations.0003_first_prices").add_prices(apps, None)
