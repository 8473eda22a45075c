"""What a database keeps of deleted rows in its own files until it is cleaned."""

from django.db import OperationalError, connection
from django.db.models import Model

from interactions import search
from interactions.erasure.forgetters import forgetters
from interactions.models import Erasure, Payload, SavedView, SharedText, SharedTextUse, TraceNote, UserDay
from interactions.raw_data import leftovers
from interactions.raw_data.kinds import KINDS

TOUCHED = (Payload, SharedText, SharedTextUse, Erasure, UserDay, TraceNote, SavedView)


def scrub() -> None:
    """Rewrite what held deleted rows. SQLite: the search index, the whole file, its log; PostgreSQL: the tables touched.

    On SQLite writers wait meanwhile: about a second for 200 MB. Within a transaction, only the search index is rewritten.
    """
    if connection.vendor == "postgresql":
        _vacuum_postgresql()
        return
    with connection.cursor() as cursor:
        # The segments of the index keep deleted words until they are merged.
        cursor.execute(f"INSERT INTO {search.TABLE} ({search.TABLE}) VALUES ('optimize')")  # noqa: S608
        if connection.in_atomic_block:
            return
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cursor.fetchone()[0]:
            raise OperationalError("the log cannot be emptied while others read")


def _vacuum_postgresql() -> None:
    if connection.in_atomic_block:
        return
    models: list[type[Model]] = [*TOUCHED, *leftovers.tables(), *(kind.model for kind in KINDS.values() if kind.is_traced)]
    models += [table for one in forgetters().values() for table in one.tables]
    tables = list(dict.fromkeys(model._meta.db_table for model in models))
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        try:
            cursor.execute(f"VACUUM {', '.join([*tables, search.TABLE])}")
        finally:
            cursor.execute("RESET statement_timeout")
