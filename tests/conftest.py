"""`pytest --store sqlite|postgresql|timescaledb`: the same tests on every store, with a real Valkey as broker."""

import fcntl
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.runner import pytest_runtest_protocol as run_test

from tests.room import with_room
from tests.servers import Servers
from tests.store import empty
from tests.timescaledb import service as timescaledb

STORES = ("sqlite", "postgresql", "timescaledb")
TESTS = Path(__file__).parent
# Folders of it whose tests say the same of every store.
WITHOUT_STORE = {"architecture", "charts", "deploy", "documentation", "sdk", "stats"}
LONG = {"browser", "trust", "up"}
SERVER_FIXTURES = {"live_server", "server", "servers", "installation"}
# What a test asks for that has to do with the store; those of OWN_STORE start processes that use it.
STORE_FIXTURES = {"db", "transactional_db", "django_db_setup", "store", *SERVER_FIXTURES}
OWN_STORE = {"up", "watch", "test_choice_of_the_store.py", "test_own_port.py", "test_databases.py"}
servers_key = pytest.StashKey[Servers]()
# Nothing of a test is worth a sync to disk. Tests that kill processes start their own server, with `up`'s settings.
UNSAFE_BUT_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    # Nor is there anything to recover, to replicate or to tidy up: a fifth of the server's CPU. A test that wants plans as
    # statistics make them says ANALYZE.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "1h",
    "max_wal_size": "4GB",
    "autovacuum": "off",
}
UNSAFE_BUT_FAST_SQLITE = "PRAGMA synchronous=OFF;"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--store", choices=STORES, default="sqlite", help="database of the tests")


def pytest_configure(config: pytest.Config) -> None:
    """Set the environment before Django reads it. Workers of xdist inherit it from the process that started them."""
    if not hasattr(config, "workerinput"):
        _refuse_settings_that_were_read()
        folder = Path(tempfile.mkdtemp(prefix="observatory-tests-"))
        # PostgreSQL may run as another user, who has to pass through.
        folder.chmod(0o711)
        servers = config.stash[servers_key] = Servers(folder)
        os.environ["OBSERVATORY_BROKER_URL"] = servers.start_valkey()
        os.environ["OBSERVATORY_DATABASE_URL"] = ""
        if config.getoption("--store") == "postgresql":
            os.environ["OBSERVATORY_DATABASE_URL"] = servers.start_postgresql(**UNSAFE_BUT_FAST)
        if config.getoption("--store") == "timescaledb":
            os.environ |= timescaledb.ENVIRONMENT
            os.environ["OBSERVATORY_DATABASE_URL"] = servers.start_timescaledb()
            config.option.reuse_db = True  # the server has one database
        os.environ["OBSERVATORY_DATA_DIR"] = str(folder)
        (folder / "static").mkdir()
    os.environ["DJANGO_SETTINGS_MODULE"] = "observatory.settings"
    _adjust_settings()
    if config.getoption("--store") == "timescaledb":
        _insert_without_copy()


def _refuse_settings_that_were_read() -> None:
    from django.conf import settings

    if settings.configured:
        raise pytest.UsageError(
            "DJANGO_SETTINGS_MODULE is set, so Django read it before the tests could choose store and folder: unset it."
        )


def _insert_without_copy() -> None:
    """PostgreSQL in WebAssembly takes no COPY from its client."""
    from observatory.core import bulk

    bulk.COPY_FROM_ROWS = sys.maxsize


def _adjust_settings() -> None:
    from django.conf import settings
    from django.test import TransactionTestCase

    # The product's hasher takes a third of a second by design.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # After a test that wrote in transactions of its own.
    TransactionTestCase._fixture_teardown = lambda self: empty()
    options = settings.DATABASES["default"]["OPTIONS"]
    if "init_command" in options:
        options["init_command"] += UNSAFE_BUT_FAST_SQLITE


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not import what says nothing new on this store."""
    is_left_out = config.getoption("--store") != "sqlite" and collection_path.parent == TESTS
    return True if is_left_out and collection_path.name in WITHOUT_STORE else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long tests first, so that processes end together. Leave out what cannot run on this store, or shows nothing new."""
    items.sort(key=lambda item: not LONG & set(item.path.parts))
    if config.getoption("--store") == "sqlite":
        return
    left_out = {item for item in items if not _uses_store(item)}
    if config.getoption("--store") == "timescaledb":
        # It serves one connection at a time here, and the threads of a server have their own.
        left_out |= {item for item in items if SERVER_FIXTURES & set(getattr(item, "fixturenames", ()))}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """What is imported now stays to the end: the collector, a tenth of the CPU, need not go through it again and again."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """As pytest does it, and cheaper."""
    return with_room(run_test, item, nextitem)


def _uses_store(item: pytest.Item) -> bool:
    """Whether a test could say something else on another store."""
    parts = set(item.path.relative_to(TESTS).parts)
    if item.get_closest_marker("one_store"):
        return False
    is_asked_for = STORE_FIXTURES & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")
    return bool(is_asked_for or OWN_STORE & parts)


def pytest_unconfigure(config: pytest.Config) -> None:
    servers = config.stash.get(servers_key, None)
    if servers is not None:
        servers.stop()
        shutil.rmtree(servers.folder)


def pytest_report_header(config: pytest.Config) -> str:
    return f"store: {config.getoption('--store')}"


@pytest.fixture(scope="session")
def django_db_modify_db_settings(pytestconfig: pytest.Config, django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file, as in production: in memory it has no WAL, and threads share one connection."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if "sqlite3" in database["ENGINE"]:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        database["TEST"] = {**database.get("TEST", {}), "NAME": str(settings.DATA_DIR / f"test{worker}.sqlite3")}
    if pytestconfig.getoption("--store") == "timescaledb":
        database["TEST"] = {**database.get("TEST", {}), "NAME": timescaledb.DATABASE}


@pytest.fixture(scope="session")
def store(pytestconfig: pytest.Config) -> str:
    """`sqlite` or `postgresql`, which TimescaleDB is."""
    return pytestconfig.getoption("--store").replace("timescaledb", "postgresql")


@pytest.fixture(autouse=True)
def nothing_of_other_tests() -> None:
    """Their projects had the same keys: a live page shows what was seen lately, a text may come again, a rate be known."""
    live, store = sys.modules.get("reports.live.shared"), sys.modules.get("interactions.ingest.store")
    if live is not None:
        live.SNAPSHOTS.forget()
    if store is not None:
        store.stored_lately.clear()
        store.recent_rates.forget()


@pytest.fixture
def servers() -> Iterator[Servers]:
    """Servers of one test alone, for tests that stop or kill them."""
    with tempfile.TemporaryDirectory(prefix="observatory-test-") as name:
        Path(name).chmod(0o711)
        own = Servers(Path(name))
        yield own
        own.stop()


@pytest.fixture(scope="session")
def installation() -> dict[str, str]:
    """The environment of an installation that has been set up, for processes of their own. Tests add to it, take nothing
    away, and share it: on PostgreSQL it is the database of the run's server in which the tests themselves store nothing."""
    shared = Path(os.environ["OBSERVATORY_DATA_DIR"])
    folder = shared / "installation"
    folder.mkdir(exist_ok=True)
    found = {**os.environ, "OBSERVATORY_DATA_DIR": str(folder)}
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process of the run that comes here sets it up
        (shared / "vega").mkdir(exist_ok=True)
        if not (folder / "vega").exists():
            (folder / "vega").symlink_to(shared / "vega")  # takes 1.5 seconds to make, and is the same for all
        if not (folder / "done").exists():
            command = [sys.executable, "manage.py", "prepare", "--local", "x", "--no-demo"]
            subprocess.run(command, env=found, cwd=Path(__file__).parent.parent, check=True, stdout=subprocess.DEVNULL)
            (folder / "done").touch()
    return found
