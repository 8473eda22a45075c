"""A store of its own for a script that reads a large project: on SQLite or PostgreSQL, migrated, gone afterwards."""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import Servers


def parser_of(description: str | None, *, keeps: bool = False) -> argparse.ArgumentParser:
    """The arguments of such a script, whose docstring's first line says what it is for. `keeps`: it can reuse a store."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.set_defaults(keep="")
    if keeps:
        parser.add_argument("--keep", default="", help="a folder to keep the store of SQLite in, or to find it")
    return parser


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[None]:
    """Django, set up on the store that `options` chose. A database given in the environment goes before."""
    with tempfile.TemporaryDirectory(prefix="observatory-benchmark-") as name:
        folder = Path(options.keep or name)
        (folder / "static").mkdir(exist_ok=True, parents=True)
        folder.chmod(0o711)  # PostgreSQL may run as another user, who has to pass through
        servers = Servers(folder)
        try:
            given = os.environ.get("OBSERVATORY_DATABASE_URL", "")
            own = servers.start_postgresql() if options.store == "postgresql" and not given else ""
            os.environ["OBSERVATORY_DATA_DIR"] = str(folder)
            os.environ["OBSERVATORY_DATABASE_URL"] = given or own
            os.environ["DJANGO_SETTINGS_MODULE"] = "observatory.settings"
            _set_up()
            yield
        finally:
            servers.stop()


def _set_up() -> None:
    import django  # after the environment says where the store is
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
