"""The database of a run, as migrations left it: the processes take tests in any order, and none may see another's rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

MIGRATED = {"django_content_type", "auth_permission"}
LARGE = 4_000_000  # bytes; empty, all tables and their indexes are 2,000,000


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
    """Take all rows away but those that no test changes, and put the first prices back.

    What Django's `flush` does in a third of the CPU: that makes the files of all tables of PostgreSQL anew, and writes every
    content type and permission again. And it does not know the table of words, which is no model's.
    """
    from django.apps import apps
    from django.db import connection, transaction

    from interactions.search import TABLE

    tables = {*connection.introspection.django_table_names(only_existing=True, include_views=False), TABLE} - MIGRATED
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        if _are_large(tables):
            cursor.execute(f"TRUNCATE {', '.join(tables)}")
        else:
            for table in sorted(tables):
                cursor.execute(f"DELETE FROM {table}")
    import_module("interactions.migrations.0003_first_prices").add_prices(apps, None)


def _are_large(tables: set[str]) -> bool:
    """Whether the files of PostgreSQL are worth to be made anew: nothing in a run tidies up what was deleted."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT SUM(pg_total_relation_size(name::regclass)) FROM unnest(%s) AS name", [list(tables)])
        return cursor.fetchone()[0] > LARGE
