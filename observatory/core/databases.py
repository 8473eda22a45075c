"""The database settings of both stores: what makes a commit durable is set here and nowhere else."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from observatory.core.env import ConfigurationError

# WAL lets readers read while one writes; FULL makes each commit survive a power cut; IMMEDIATE takes the write lock
# at BEGIN, where `timeout` is honoured, instead of failing later in the middle of a transaction.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA journal_size_limit=67108864;"
    ),
}
POSTGRESQL_OPTIONS = (
    "-c synchronous_commit=on -c lock_timeout=15s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s "
    # Where there is TimescaleDB: late data may touch more compressed rows than its own limit, 100,000. Elsewhere it says
    # nothing to the server.
    "-c timescaledb.max_tuples_decompressed_per_dml_transaction=0"
)


# Of a URL's query, as libpq names them; the host may be a folder with a socket.
LIBPQ = (
    "sslmode sslrootcert sslcert sslkey sslcrl ssl_min_protocol_version channel_binding gssencmode connect_timeout "
    "keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout application_name target_session_attrs"
).split()


def database_from_url(url: str, data_dir: Path) -> dict[str, Any]:
    """Return Django's settings for `sqlite:///PATH`, `postgresql://...`, or, for "", SQLite in `data_dir`."""
    parts = urlsplit(url)
    if not url or parts.scheme == "sqlite":
        path = Path(unquote(parts.path)) if url else data_dir / "observatory.sqlite3"
        path.parent.mkdir(parents=True, exist_ok=True)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(path),
            "CONN_MAX_AGE": None,
            "OPTIONS": dict(SQLITE_OPTIONS),
        }
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ConfigurationError(f"OBSERVATORY_DATABASE_URL: unknown scheme {parts.scheme!r}; use sqlite or postgresql")
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := sorted(set(query) - {"host", *LIBPQ}):
        raise ConfigurationError(
            f"OBSERVATORY_DATABASE_URL: {', '.join(unknown)} cannot be set; known are {', '.join(LIBPQ)}"
        )
    try:
        port = str(parts.port or "")
    except ValueError:
        raise ConfigurationError("OBSERVATORY_DATABASE_URL: the port is no number from 0 to 65535") from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": port,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": POSTGRESQL_OPTIONS, **query},
    }
