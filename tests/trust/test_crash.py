"""kill -9 of the serving process during ingest: what was acknowledged is there, once, and is digested after the restart."""

import json
import os
import subprocess
import sys

import pytest

from tests.servers import Servers
from tests.trust.crash import ROOT, Drill, Fleet

KILLS, SEED = 25, 20_261_121
DURABLE = {
    "sqlite": {"journal_mode": "wal", "synchronous": 2},
    "postgresql": {"synchronous_commit": "on", "fsync": "on", "full_page_writes": "on"},
}


@pytest.fixture
def environment(servers: Servers, store: str) -> dict[str, str]:
    """An installation of its own, as durable as the product makes it; no broker."""
    made = {name: value for name, value in os.environ.items() if not name.startswith("OBSERVATORY_")}
    made |= {
        "OBSERVATORY_DATA_DIR": str(servers.folder),
        "OBSERVATORY_DATABASE_URL": servers.start_postgresql() if store == "postgresql" else "",
        "DJANGO_SETTINGS_MODULE": "observatory.settings",
    }
    run(made, "manage.py", "migrate", "--verbosity=0")
    return made


def run(environment: dict[str, str], *argv: str) -> str:
    done = subprocess.run([sys.executable, *argv], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.crash
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_what_was_acknowledged_survives_kills_exactly_once(servers: Servers, environment: dict[str, str], store: str):
    key = run(environment, "manage.py", "create_key", "crash", "--create-project", "--scope", "ingest").strip()
    fleet = Fleet(environment, servers.folder / "web.log")
    drill = Drill(fleet, key, kills=KILLS, seed=SEED)
    try:
        drill.run()
    finally:
        fleet.stop()
    report = json.loads(run(environment, "-m", "tests.trust.crash_report"))
    print(f"{len(drill.acknowledged)} acknowledged, {drill.repeated} requests repeated, {KILLS} kills")
    stored = report["spans"] + report["natives"]
    assert len(stored) == len(set(stored))
    assert set(stored) == drill.acknowledged == drill.sent
    assert drill.repeated >= KILLS // 2  # the kills did hit requests
    assert report["counted as stored"] == len(stored)
    assert report["shared texts"]  # passages came again
    assert report["durability"] == DURABLE[store]
    problems = {name: report[name] for name in PROBLEMS}
    assert not any(problems.values()), problems
    assert report["damage"] == "ok"


PROBLEMS = (
    "traces without a mark",
    "payloads",
    "waiting",
    "traces without interaction",
    "assembled twice",
    "wrong interactions",
    "unreadable",
    "texts that nobody needs",
)
