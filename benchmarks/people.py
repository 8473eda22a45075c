"""How long the pages of users, sessions and traces take: `python benchmarks/people.py [--store sqlite] [--users 20000]`.

A million interactions of thirty days; one user asked 50,000 of them, one session has 2,000 turns. The days of users are
made anew first, which is measured, too. `its CPU` is the time of
this process, with SQLite in it. `--keep DIR` keeps the store of SQLite for the next time.
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
HEAVY_USER, HEAVY_ROWS = "heavy", 50_000
LONG_SESSION, TURNS = "long", 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=20_000)
    parser.add_argument("--keep", help="a folder to keep the store of SQLite in, or to find it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="observatory-benchmark-") as name:
        folder = Path(options.keep or name)
        folder.mkdir(exist_ok=True, parents=True)
        (folder / "static").mkdir(exist_ok=True)
        folder.chmod(0o711)  # PostgreSQL may run as another user, who has to pass through
        servers = Servers(folder)
        try:
            os.environ["OBSERVATORY_DATA_DIR"] = str(folder)
            os.environ["OBSERVATORY_DATABASE_URL"] = servers.start_postgresql() if options.store == "postgresql" else ""
            measure(options)
        finally:
            servers.stop()


def measure(options: argparse.Namespace) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "observatory.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from observatory.projects.models import Project

    project, is_new = Project.objects.get_or_create(slug="large", defaults={"name": "Large"})
    if is_new:
        fill(project, options.interactions, options.users)
    make_days(project)
    print(f"\n{options.store:42}{'median':>10}{'worst':>10}{'its CPU':>10}")
    from interactions.models import Interaction

    long = Interaction.objects.filter(session_id=LONG_SESSION).order_by("asked_at").first()
    assert long is not None
    pages = {
        "users, 7 days": "users/?range=7d",
        "users, 30 days, by cost": "users/?range=30d&sort=cost",
        "a user, 24 hours": "user/?id=u7",
        "a user, 30 days": "user/?id=u7&range=30d",
        f"a user with {HEAVY_ROWS:,}, 30 days": f"user/?id={HEAVY_USER}&range=30d",
        f"a session of {TURNS:,} turns": f"session/?id={LONG_SESSION}",
        "its last page": f"session/?id={LONG_SESSION}&page=40",
        "a trace, its neighbours": f"trace/?id={long.trace_id}",
        "a trace, neighbours that failed": f"trace/?id={long.trace_id}&in=status%3Derror",
    }
    for name, path in pages.items():
        print(f"{name:42}{report(path)}", flush=True)


def fill(project: Any, count: int, users: int) -> None:
    from django.db import connection

    from benchmarks.many_interactions import fill as fill_interactions
    from interactions.digest.user_days import mark
    from interactions.models import Interaction

    fill_interactions(project, count, users=users)
    ids = Interaction.objects.filter(project=project).order_by("interaction_id").values_list("id", flat=True)
    heavy = list(ids[: HEAVY_ROWS + TURNS])
    for place in range(0, len(heavy), 500):
        some = heavy[place : place + 500]
        is_turn = place >= HEAVY_ROWS
        Interaction.objects.filter(id__in=some).update(
            **({"session_id": LONG_SESSION} if is_turn else {"user_id": HEAVY_USER})
        )
    asked = Interaction.objects.filter(project=project).values_list("user_id", "asked_at").iterator(50_000)
    mark(project.pk, asked)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_days(project: Any) -> None:
    from interactions.digest.user_days import refresh

    start, cpu = time.monotonic(), time.process_time()
    made = refresh()
    seconds = f"{time.monotonic() - start:.0f} s, {time.process_time() - cpu:.0f} s of them CPU time of this process"
    print(f"{made:,} days of users made in {seconds}", flush=True)


def report(path: str) -> str:
    from django.contrib.auth.models import User
    from django.test import Client

    user, _ = User.objects.get_or_create(username="benchmark", defaults={"is_staff": True, "is_superuser": True})
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    times, cpu = [], []
    for number in range(TIMES + 1):
        start, before = time.perf_counter(), time.process_time()
        answer = client.get(f"/admin/interactions/interaction/{path}&project=large")
        assert answer.status_code == 200, (path, answer.status_code)
        if number:  # the first one also loads templates
            times.append((time.perf_counter() - start) * 1_000)
            cpu.append((time.process_time() - before) * 1_000)
    return f"{statistics.median(times):7.0f} ms{max(times):7.0f} ms{statistics.median(cpu):7.0f} ms"


if __name__ == "__main__":
    main()
