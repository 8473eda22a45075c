"""How large the database is."""

from pathlib import Path

from django.db import connection


def database_bytes() -> int:
    """Return the bytes that the database takes on its disk, its write-ahead log included on SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
    file = str(connection.settings_dict["NAME"])
    paths = [Path(file + suffix) for suffix in ("", "-wal")]
    return sum(path.stat().st_size for path in paths if path.exists())
