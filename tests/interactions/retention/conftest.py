"""Two months of a shop: traces, native interactions, events; digested and rolled up; an archive in a folder of the test.

They are made once for a file of tests, and each test undoes its own. So a file asks for `shop` in every test or in none.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.interactions.conftest import poster
from tests.store import undone

NOW = datetime(2024, 3, 20, 12, 30, tzinfo=UTC)  # 30 days before lies beyond a leap day
HANDBOOK = " ".join(f"Paragraph {number} of what every trace is told." for number in range(10))
DAYS = (55, 31, 31, 30, 29, 3)  # the age of what is sent


@pytest.fixture
def archive(settings: Any, tmp_path: Path) -> Path:
    settings.STORAGES = {**settings.STORAGES, "archive": folder_storage(tmp_path / "archive")}
    return tmp_path / "archive"


def folder_storage(folder: Path) -> dict[str, Any]:
    return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(folder)}}


@pytest.fixture(scope="module")
def key(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A key of the project, with whatever else is made for all tests of the file; all of it is undone after the last."""
    with django_db_blocker.unblock(), undone():
        made = make_key()
        with django_db_blocker.block():  # until a test asks for it
            yield made


def make_key() -> str:
    from observatory.projects.keys import create_key
    from observatory.projects.models import Project

    project = Project.objects.create(slug="shop", name="Shop")
    return create_key(project=project, scopes=["ingest", "read", "manage"])[1]


@pytest.fixture
def project(db: None, key: str) -> Any:
    from observatory.projects.models import Project

    return Project.objects.get()


@pytest.fixture(scope="module")
def two_months(key: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        make_two_months(key)


def make_two_months(key: str) -> None:
    for place, age in enumerate(DAYS):
        send_day(poster(key), place, NOW - timedelta(days=age))
    settle()


@pytest.fixture
def shop(two_months: None, archive: Path, project: Any) -> Any:
    return project


def send_day(send: Any, place: int, at: datetime) -> None:
    """Traces of two spans, of two users, in one request; a native interaction and events, an hour around `at`."""
    spans = []
    for number in range(3):
        trace, start = f"{place * 16 + number + 1:032x}", (at + timedelta(minutes=number * 7)).isoformat()
        who = {"user_id": f"user-{number % 2}", "session_id": f"session-{place}-{number}"}
        base = {"trace_id": trace, "started_at": start, "duration_ms": 200 + number, **who}
        spans.append({**base, "span_id": "a" * 16, "name": "chain", "kind": "chain", "input": f"question {place} {number}"})
        llm = {"span_id": "b" * 16, "parent_span_id": "a" * 16, "name": "llm", "kind": "llm", "model": "gpt-4o"}
        passages = [{"text": HANDBOOK}, {"text": known_of(who["user_id"])}]
        llm |= {"output": f"answer {place} {number}", "documents": passages}
        spans.append({**base, **llm, "input_tokens": 10, "output_tokens": 5})
    assert send("/api/v1/spans", spans)[0] == 207
    native = {"asked_at": at.isoformat(), "query": f"native {place}", "answer": "yes", "user_id": "user-0", "latency_ms": 9}
    assert send("/api/v1/interactions", native)[0] == 201
    events = [{"type": "click", "occurred_at": at.isoformat(), "data": {"n": n}, "user_id": f"user-{n}"} for n in range(2)]
    assert send("/api/v1/events", events)[0] == 207


def known_of(user: str) -> str:
    """A passage that the traces of one user share."""
    return f"{user} asked before: " + ", ".join(f"{user} wanted to know of {number}" for number in range(20))


def settle() -> None:
    """Digest and roll up all that waits, as if it had been done when it came."""
    from interactions.digest.run import digest_until_empty
    from observatory.metrics.rollup.run import roll_up

    digest_until_empty()
    roll_up(now=NOW)


def facts() -> dict[str, int]:
    from interactions.raw_data.kinds import KINDS

    return {name: kind.rows.count() for name, kind in KINDS.items() if name not in {"outcomes", "samples", "scores"}}


def numbers(project: Any) -> dict[Any, Any]:
    """What the metrics say of all time, by the coarsest buckets."""
    from observatory.metrics.levels import LEVELS
    from observatory.metrics.models import Series
    from observatory.metrics.rollup.rows import read
    from observatory.stats.summary import merge

    series = {row.pk: (row.metric, row.labels_key) for row in Series.objects.filter(project=project)}
    found: dict[Any, list[Any]] = {}
    for (series_id, _), summary in read(LEVELS[-1], list(series), 0, 2**40).items():
        found.setdefault(series[series_id], []).append(summary)
    merged = {name: merge(parts) for name, parts in found.items()}
    # Those of the way in are of the time of the test; sums of floats in another order differ in their last bit.
    return {
        name: (one.n, round(one.total, 6), one.minimum, one.maximum, one.bins, one.bounds)
        for name, one in merged.items()
        if not name[0].startswith(("ingest", "pipeline"))
    }


def span(trace: str, at: datetime, span_id: str = "c" * 16, parent: str | None = None, **more: Any) -> dict[str, Any]:
    """A span as a client sends it."""
    base = {
        "trace_id": trace,
        "span_id": span_id,
        "name": "s",
        "kind": "llm",
        "started_at": at.isoformat(),
        "duration_ms": 1,
    }
    parents = {"parent_span_id": parent} if parent else {}
    return {**base, "started_at": at.isoformat(), **parents, **more}


def keep() -> None:
    """Digest, roll up, and let go what is old."""
    from interactions.retention.run import retain

    settle()
    retain(now=NOW)


def request_one(project: Any, **kwargs: Any) -> Any:
    """Ask that user-1 be forgotten."""
    from interactions.erasure.requests import request_erasure

    return request_erasure(**{"project": project, "kind": "user", "subject": "user-1", "by": "test", "now": NOW, **kwargs})


def erase_waiting() -> int:
    from interactions.erasure.run import erase_waiting as run

    return run(now=NOW)
