"""How long each page of the admin takes: `python benchmarks/pages.py [--store S] [--interactions N] [--keep DIR]`.

Thirty days of interactions lie in the store, rolled up. Each page is opened once and then read several times through Django,
with middleware and templates, and its queries are counted. "CPU" is that of this process, to which SQLite belongs and
PostgreSQL does not: on a machine that does other things too it says more than the clock. `--keep` keeps the store, or takes
one that is there, also one of search.py.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.servers import Servers

TIMES = 7
GOAL_MS = 300
SLUG = "large"
# Name and path of each page; `{...}` is filled in with what the store holds.
PAGES = (
    ("overview, 24 hours", "?range=24h"),
    ("overview, 7 days", "?range=7d"),
    ("overview, 30 days", "?range=30d"),
    ("live", "live/?"),
    ("interactions", "interactions/interaction/?"),
    ("interactions, 7 days", "interactions/interaction/?range=7d"),
    ("interactions with errors", "interactions/interaction/?status=error"),
    ("interactions of one model", "interactions/interaction/?model=gpt-4.1"),
    ("trace", "interactions/interaction/{interaction}/change/?"),
    ("sessions", "interactions/interaction/sessions/?"),
    ("session", "interactions/interaction/session/?id={session}"),
    ("users", "interactions/interaction/users/?range=30d"),
    ("user", "interactions/interaction/user/?id={user}&range=30d"),
    ("cost board, 30 days", "reports/board/view/?name=cost&range=30d"),
    ("resources board, 24 hours", "reports/board/view/?name=resources&range=24h"),
    ("boards", "reports/board/?"),
    ("compose a board", "reports/board/compose/?"),
    ("metrics", "metrics/series/?"),
    ("one metric, 30 days by model", "metrics/series/metric/?name=interactions.latency&range=30d&by=model"),
    ("metrics health", "metrics/series/health/?"),
    ("ingest health", "interactions/ingestoutcome/?"),
    ("prices", "interactions/price/?"),
    ("re-pricing", "interactions/repricing/?"),
    ("erasures", "interactions/erasure/?"),
    ("archive", "interactions/archivefile/?"),
    ("projects", "projects/project/?"),
    ("keys", "projects/apikey/?"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.add_argument("--keep", help="a folder to keep the store in, or to find it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="observatory-benchmark-") as name:
        folder = Path(options.keep or name)
        (folder / "static").mkdir(exist_ok=True, parents=True)
        folder.chmod(0o711)  # PostgreSQL may run as another user, who has to pass through
        servers = Servers(folder)
        try:
            os.environ["OBSERVATORY_DATA_DIR"] = str(folder)
            given = os.environ.get("OBSERVATORY_DATABASE_URL", "")
            url = given or (servers.start_postgresql() if options.store == "postgresql" else "")
            os.environ["OBSERVATORY_DATABASE_URL"] = url
            measure(options.store, options.interactions)
        finally:
            servers.stop()


def measure(store: str, count: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "observatory.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from observatory.projects.models import Project

    project, is_new = Project.objects.get_or_create(slug=SLUG, defaults={"name": "Large"})
    if is_new:
        from benchmarks.many_interactions import fill, roll_up_all

        fill(project, count)
        roll_up_all(project)
    client, held = _superuser(), _held(project)
    _receive_one(project)
    print(f"\n{store}\n{'page':32} {'median':>8} {'worst':>8} {'CPU':>8}  queries", flush=True)
    for name, path in PAGES:
        url = f"/admin/{path.format(**held)}&project={SLUG}".replace("?&", "?")
        print(f"{name:32} {_report(client, url)}", flush=True)


def _held(project: Any) -> dict[str, Any]:
    """One of each that has a page."""
    from interactions.models import Interaction

    one = Interaction.objects.filter(project=project).exclude(user_id="").exclude(session_id="").newest_first().first()
    return {"interaction": one.pk, "session": one.session_id, "user": one.user_id}


def _receive_one(project: Any) -> None:
    """Else the overview would say that nothing was received yet: what was written into the tables never came in."""
    from django.test import Client
    from django.utils import timezone

    from interactions.digest.run import digest_until_empty
    from observatory.metrics.rollup.run import roll_up
    from observatory.projects.keys import create_key

    key = create_key(project=project, scopes=["ingest"])[1]
    headers = {"host": "127.0.0.1", "authorization": f"Bearer {key}"}
    Client(headers=headers).post("/api/v1/interactions", {"query": "one"}, content_type="application/json")
    digest_until_empty()
    roll_up(now=timezone.now())


def _superuser() -> Any:
    from django.contrib.auth.models import User
    from django.test import Client

    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("bench"))
    return client


def _report(client: Any, url: str) -> str:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        first = client.get(url)
    queries = len(captured)
    if first.status_code != 200:
        return f"answered {first.status_code}"
    times, used = [], []
    for _ in range(TIMES):
        start, cpu = time.perf_counter(), time.process_time()
        client.get(url)
        times.append((time.perf_counter() - start) * 1_000)
        used.append((time.process_time() - cpu) * 1_000)
    median = statistics.median(times)
    judged = "  above the goal" if median > GOAL_MS else ""
    return f"{median:5.0f} ms {max(times):5.0f} ms {statistics.median(used):5.0f} ms {queries:8}{judged}"


if __name__ == "__main__":
    main()
