"""How long each page of the admin takes: `python benchmarks/pages.py [--store S] [--interactions N] [--keep DIR]`.

Thirty days of interactions lie in the store, rolled up. Each page is opened once and then read several times through Django,
with middleware and templates, and its queries are counted. "CPU" is that of this process, to which SQLite belongs and
PostgreSQL does not: on a machine that does other things too it says more than the clock. `--keep` keeps the store, or takes
one that is there, also one of search.py.
"""

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.large_store import opened, parser_of
from benchmarks.page_times import HEAD, HOST, PageTimes, superuser, times_of

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
    ("interactions rated low", "interactions/interaction/?feedback=low"),
    ("interactions not rated", "interactions/interaction/?feedback=none"),
    ("interactions judged badly", "interactions/interaction/?quality=low"),
    ("sessions", "interactions/interaction/sessions/?"),
    ("session", "interactions/interaction/session/?id={session}"),
    ("users", "interactions/interaction/users/?range=30d"),
    ("user", "interactions/interaction/user/?id={user}&range=30d"),
    ("cost board, 30 days", "reports/board/view/?name=cost&range=30d"),
    ("resources board, 24 hours", "reports/board/view/?name=resources&range=24h"),
    ("feedback board, 30 days", "reports/board/view/?name=feedback&range=30d"),
    ("quality board, 30 days", "reports/board/view/?name=quality&range=30d"),
    ("log board, 7 days", "reports/board/view/?name=log&range=7d"),
    ("usage board, 7 days", "reports/board/view/?name=usage&range=7d"),
    ("scores", "feedback/score/?range=30d"),
    ("scores of one name", "feedback/score/?range=30d&name=rating"),
    ("evaluations", "feedback/batch/?"),
    ("evaluators", "feedback/evaluatorsetting/?"),
    ("judge", "feedback/judge/?"),
    ("review queue", "feedback/reviewitem/?"),
    ("calibration, 30 days", "feedback/reviewitem/calibration/?range=30d"),
    ("canaries", "feedback/canary/?"),
    ("training data", "feedback/score/training/?"),
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
    options = parser_of(__doc__, keeps=True).parse_args()
    with opened(options):
        measure(options.store, options.interactions)


def measure(store: str, count: int) -> None:
    from observatory.projects.models import Project

    project, is_new = Project.objects.get_or_create(slug=SLUG, defaults={"name": "Large"})
    if is_new:
        from benchmarks.many_interactions import fill, roll_up_all

        fill(project, count)
        roll_up_all(project)
    _have_it_judged(project)
    client, held = superuser(), _held(project)
    _receive_one(project)
    print(f"\n{store}\n{'page':30}{HEAD}", flush=True)
    for name, path in PAGES:
        url = f"/admin/{path.format(**held)}&project={SLUG}".replace("?&", "?")
        print(f"{name:30}{_judged(times_of(client, url))}", flush=True)


def _have_it_judged(project: Any) -> None:
    """A store that was kept may have no scores yet."""
    from benchmarks.many_scores import say
    from feedback.models import Score

    if not Score.objects.for_project(project).exists():
        say(project)


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
    Client(headers=HOST | {"authorization": f"Bearer {key}"}).post(
        "/api/v1/interactions", {"query": "one"}, content_type="application/json"
    )
    digest_until_empty()
    roll_up(now=timezone.now())


def _judged(times: PageTimes) -> str:
    return f"{times}{'  above the goal' if times.median > GOAL_MS else ''}"


if __name__ == "__main__":
    main()
