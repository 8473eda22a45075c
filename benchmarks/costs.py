"""How long pages of cost take, and how fast a period is re-priced: `python benchmarks/costs.py [--store sqlite]`.

A million interactions of thirty days by five models and 20,000 users, rolled up; one day of them is re-priced. `--keep DIR`
keeps the store of SQLite for the next time.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.servers import Servers

TIMES = 7
USERS = 20_000
BOARD = "/admin/reports/board/view/?name=cost&project=large&range="
PAGES = {
    "the board of costs, 24 hours": f"{BOARD}24h",
    "the board of costs, 7 days": f"{BOARD}7d",
    "the board of costs, 30 days": f"{BOARD}30d",
    "prices": "/admin/interactions/price/?project=large",
    "what a price would hold for": "/admin/interactions/price/preview/?project=large&model=gpt-4*",
    "re-pricings": "/admin/interactions/repricing/?project=large",
    "the form of a re-pricing": "/admin/interactions/repricing/add/?project=large",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--interactions", type=int, default=1_000_000)
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
        fill(project, options.interactions)
    print(f"\n{options.store:42}{'median':>10}{'worst':>10}")
    for name, path in PAGES.items():
        print(f"{name:42}{report(path)}", flush=True)
    reprice_a_day(project)


def fill(project: Any, count: int) -> None:
    from django.db import connection

    from benchmarks.many_interactions import fill as fill_interactions
    from benchmarks.many_interactions import roll_up_all
    from benchmarks.people import mark_all
    from interactions.digest.user_days import refresh

    fill_interactions(project, count, users=USERS)
    roll_up_all(project)
    mark_all(project)
    refresh()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def report(path: str) -> str:
    from django.contrib.auth.models import User
    from django.test import Client

    user, _ = User.objects.get_or_create(username="benchmark", defaults={"is_staff": True, "is_superuser": True})
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user)
    times = []
    for number in range(TIMES + 1):
        start = time.perf_counter()
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        if number:  # the first one also loads templates
            times.append((time.perf_counter() - start) * 1_000)
    return f"{statistics.median(times):7.0f} ms{max(times):7.0f} ms"


def reprice_a_day(project: Any) -> None:
    from django.utils import timezone

    from interactions.repricing.requests import confirm, request_repricing
    from interactions.repricing.run import reprice_waiting

    now = timezone.now()
    job = request_repricing(
        project=project, since=now - timedelta(days=2), until=now - timedelta(days=1), by="benchmark", now=now
    )
    for phase in ("counted", "re-priced"):
        start = time.monotonic()
        reprice_waiting()
        took = time.monotonic() - start
        job.refresh_from_db()
        print(
            f"{job.total or 0:,} interactions {phase} in {took:.1f} s: {(job.total or 0) / took:,.0f} a second", flush=True
        )
        if job.status == job.Status.READY:
            confirm(job, by="benchmark", now=now)


if __name__ == "__main__":
    main()
