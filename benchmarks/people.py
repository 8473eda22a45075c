"""How long the pages of users, sessions and traces take: `python benchmarks/people.py [--store sqlite] [--users 20000]`.

A million interactions of thirty days; one user asked 50,000 of them, one session has 2,000 turns. The days of users are
made anew first, which is measured, too. `its CPU` is the time of
this process, with SQLite in it. `--keep DIR` keeps the store of SQLite for the next time.
"""

import argparse
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.large_store import opened, parser_of
from benchmarks.page_times import HEAD, superuser, times_of

HEAVY_USER, HEAVY_ROWS = "heavy", 50_000
LONG_SESSION, TURNS = "long", 2_000


def main() -> None:
    parser = parser_of(__doc__, keeps=True)
    parser.add_argument("--users", type=int, default=20_000)
    options = parser.parse_args()
    with opened(options):
        measure(options)


def measure(options: argparse.Namespace) -> None:
    from observatory.projects.models import Project

    project, is_new = Project.objects.get_or_create(slug="large", defaults={"name": "Large"})
    if is_new:
        fill(project, options.interactions, options.users)
    make_days(project)
    print(f"\n{options.store:42}{HEAD}")
    from interactions.models import Interaction

    long = Interaction.objects.filter(session_id=LONG_SESSION).order_by("asked_at").first()
    assert long is not None, f"too few interactions: {HEAVY_ROWS + TURNS:,} are one user's and one session's"
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
    client = superuser()
    for name, path in pages.items():
        print(f"{name:42}{times_of(client, f'/admin/interactions/interaction/{path}&project=large')}", flush=True)


def fill(project: Any, count: int, users: int) -> None:
    from django.db import connection

    from benchmarks.many_interactions import fill as fill_interactions
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
    mark_all(project)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def mark_all(project: Any) -> None:
    """Every day of every user, as the digest marks them."""
    from interactions.digest.user_days import mark
    from interactions.models import Interaction

    mark(project.pk, Interaction.objects.filter(project=project).values_list("user_id", "asked_at").iterator(50_000))


def make_days(project: Any) -> None:
    from interactions.digest.user_days import refresh

    start, cpu = time.monotonic(), time.process_time()
    made = refresh()
    seconds = f"{time.monotonic() - start:.0f} s, {time.process_time() - cpu:.0f} s of them CPU time of this process"
    print(f"{made:,} days of users made in {seconds}", flush=True)


if __name__ == "__main__":
    main()
