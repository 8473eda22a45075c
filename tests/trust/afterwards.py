"""What must hold after any amount of hostile input: counts add up, the digest has no failures, and every page opens."""

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.auth.models import User
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from feedback.models import Score
from interactions.digest.run import digest_until_empty
from interactions.models import Event, IngestOutcome, Interaction, Origin, Span, StaleTrace
from tests.trust.bare_client import BareClient
from tests.trust.live import Answer, Caller

ADMIN_PAGES = (
    "",
    "interactions/interaction/",
    "interactions/interaction/sessions/",
    "interactions/ingestoutcome/",
    "interactions/price/",
    "projects/project/",
    "projects/apikey/",
    "feedback/score/?range=all",
    "feedback/score/training/",
)
ROWS_A_PAGE = 10
OLDER = re.compile(r'href="([^"]+)"(?: rel="next">Older|>Look further back)')


@dataclass
class Ledger:
    """What was sent, by signal, to be held against what the product counted."""

    received: Counter[str] = field(default_factory=Counter)

    def note(self, signal: str, answer: Answer, records: int = 1) -> Answer:
        """Count the records of one request; a body that is refused as a whole counts as one."""
        if answer.status in {200, 201, 202, 207, 409}:
            self.received[signal] += records
        elif answer.is_ours and answer.status in {400, 411, 413, 415}:
            self.received[signal] += 1
        return answer

    def hold(self) -> None:
        rows = IngestOutcome.objects.values_list("signal", "outcome").annotate(total=Sum("records"))
        counted: dict[str, Counter[str]] = {}
        for signal, outcome, total in rows:
            counted.setdefault(signal, Counter())[outcome] += total
        assert {signal: sum(found.values()) for signal, found in counted.items()} == +self.received
        stored = Counter({signal: found["stored"] for signal, found in counted.items()})
        assert stored["traces"] + stored["spans"] == Span.objects.count()
        assert stored["interactions"] == Interaction.objects.filter(origin=Origin.NATIVE).count()
        assert stored["events"] + stored["logs"] + stored["browser"] == Event.objects.count()


def settle(caller: Caller, ledger: Ledger, team: Any, *, every: int = 1) -> None:
    """No answer was a fault; and digested, counted and looked at, all is well too."""
    assert caller.faults == []
    digest_everything()
    ledger.hold()
    open_everything(team.headers("read"), every=every)


def digest_everything() -> None:
    digest_until_empty()
    assert list(StaleTrace.objects.values_list("trace_id", "error")) == []


def open_everything(read_headers: dict[str, str], *, every: int = 1) -> int:
    """Open each list, trace and session by the API and in the admin (of single spans and interactions, every `every`th).

    Returns the number of pages that were opened.
    """
    api, admin = BareClient(raise_request_exception=False, headers={}), BareClient(raise_request_exception=False)
    admin.force_login(User.objects.filter(is_superuser=True).first() or User.objects.create_superuser("looker"))
    pages = [(api, path) for path in _api_paths()] + [(admin, f"/admin/{path}") for path in admin_paths(every)]
    failed = []
    for client, path in pages:
        answer = client.get(path, **(read_headers if client is api else {}))
        if answer.status_code != 200:
            failed.append(f"{answer.status_code} {path}")
    for path in ("/api/v1/interactions", "/api/v1/traces"):
        _turn_pages(api, path, read_headers)
    _turn_admin_pages(admin)
    assert failed == []
    return len(pages)


def _turn_pages(client: Client, path: str, headers: dict[str, str]) -> None:
    cursor: str | None = ""
    seen: list[Any] = []
    while cursor is not None:
        answer = client.get(path, {"limit": 500, "cursor": cursor}, **headers)
        assert answer.status_code == 200, (path, cursor)
        page = json.loads(answer.content)
        seen += [row["interaction_id"] for row in page["results"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen))
    assert len(seen) <= Interaction.objects.count()


def _turn_admin_pages(client: Client) -> None:
    path: str | None = f"/admin/interactions/interaction/?project=ours&limit={ROWS_A_PAGE}"
    pages = 0
    while path:
        pages += 1
        answer = client.get(path)
        assert answer.status_code == 200, path
        older = OLDER.search(answer.content.decode())
        path = older and f"/admin/interactions/interaction/{unescape(older[1])}"
    # What is dated ahead is not on top of the list, but told of.
    rows = Interaction.objects.exchanges().filter(project__slug="ours", asked_at__lte=timezone.now()).count()
    assert pages >= rows / ROWS_A_PAGE, (pages, rows)


def _sessions() -> list[str]:
    found = Interaction.objects.exchanges().exclude(session_id="")
    return sorted(found.values_list("session_id", flat=True).distinct())


def _api_paths() -> list[str]:
    # A dot alone is a step in a path, and no client sends it as an id.
    traces = sorted(
        set(Interaction.objects.values_list("trace_id", flat=True)) | set(Span.objects.values_list("trace_id", flat=True))
    )
    traces += [
        one
        for one in Event.objects.exclude(trace_id=None).values_list("trace_id", flat=True).distinct()
        if one not in traces
    ]
    paths = [f"/api/v1/traces/{quote(trace, safe='')}" for trace in traces if trace not in {".", ".."}]
    paths += [f"/api/v1/sessions/{quote(session, safe='')}" for session in _sessions() if session not in {".", ".."}]
    return [*paths, "/metrics", "/api/schema/", "/readyz"]


def admin_paths(every: int) -> list[str]:
    pages = list(ADMIN_PAGES)
    traces = set(Span.objects.values_list("trace_id", flat=True)) | set(
        Event.objects.exclude(trace_id=None).values_list("trace_id", flat=True)
    )
    pages += [_trace(trace) for trace in sorted(traces)]
    spans = Span.objects.order_by("trace_id", "span_id").values_list("trace_id", "span_id")
    pages += [_trace(trace, span=span) for trace, span in list(spans)[::every]]
    pages += [_trace(trace, format="json") for trace in sorted(traces)[::every]]
    natives = Interaction.objects.filter(origin=Origin.NATIVE).order_by("id").values_list("id", flat=True)
    pages += [f"interactions/interaction/{pk}/change/" for pk in list(natives)[::every]]
    pages += [
        f"interactions/interaction/session/?{urlencode({'project': 'ours', 'id': session})}" for session in _sessions()
    ]
    users = Interaction.objects.exclude(user_id="").values_list("user_id", flat=True).distinct().order_by("user_id")
    pages += [
        f"interactions/interaction/user/?{urlencode({'project': 'ours', 'id': user_id})}" for user_id in list(users)[::every]
    ]
    newest = Score.objects.order_by("id").values_list("id", flat=True).last()
    return pages + [f"feedback/score/{key}/change/" for key in filter(None, (newest,))]


def _trace(trace_id: str, **parameters: str) -> str:
    return f"interactions/interaction/trace/?{urlencode({'project': 'ours', 'id': trace_id, **parameters})}"
