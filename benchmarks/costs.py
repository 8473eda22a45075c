"""How long pages of cost take, and how fast a period is re-priced: `python benchmarks/costs.py [--store sqlite]`.

A million interactions of thirty days by five models and 20,000 users, rolled up; one day of them is re-priced. `--keep DIR`
keeps the store of SQLite for the next time.
"""

import argparse
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.large_store import opened, parser_of
from benchmarks.page_times import HEAD, superuser, times_of

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
    options = parser_of(__doc__, keeps=True).parse_args()
    with opened(options):
        measure(options)


def measure(options: argparse.Namespace) -> None:
    from observatory.projects.models import Project

    project, is_new = Project.objects.get_or_create(slug="large", defaults={"name": "Large"})
    if is_new:
        fill(project, options.interactions)
    print(f"\n{options.store:42}{HEAD}")
    client = superuser()
    for name, path in PAGES.items():
        print(f"{name:42}{times_of(client, path)}", flush=True)
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
