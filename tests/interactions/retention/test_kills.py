"""Retention, archive, erasure and restore are killed at seeded moments; the next run ends with the same rows and files."""

import random
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from tests.interactions.retention.conftest import NOW, send_day, settle
from tests.kills import Killed, moments, tables
from tests.store import undone

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def killed(monkeypatch, archive, tmp_path):
    """`killed(job, state, points, seed)`: the job, killed at that many moments and run again, always ends in one state."""
    saved = tmp_path / "saved"

    def folder_again() -> None:
        shutil.rmtree(archive, ignore_errors=True)
        if saved.exists():
            shutil.copytree(saved, archive)

    def run(job, state, *, points, seed, between=lambda: None):
        if archive.exists():
            shutil.copytree(archive, saved)
        with undone():
            job()  # what a process does once only, as filling a cache, is no moment of the runs that follow
        folder_again()
        with undone():
            with moments(monkeypatch) as seen:
                job()
            expected = state()
        for fatal in sorted(random.Random(seed).sample(range(seen.passed), points)):
            folder_again()
            with undone():
                with pytest.raises(Killed), moments(monkeypatch, fatal):
                    job()
                between()
                job()
                assert state() == expected, f"killed at {fatal} of {seen.passed}"

    return run


def files(archive: Path) -> dict[str, bytes]:
    return {str(path.relative_to(archive)): path.read_bytes() for path in archive.rglob("*") if path.is_file()}


def database(*more):
    from interactions.models import ArchiveFile, Event, Interaction, Payload, SharedText, SharedTextUse, Span, StaleTrace
    from observatory.metrics.levels import LEVELS
    from observatory.metrics.models import Horizon

    facts = tables(Span, Interaction, Event, Payload, SharedText, SharedTextUse, StaleTrace, without=("id", "marked_at"))
    buckets = tables(*(level.model for level in LEVELS))
    return facts, buckets, tables(Horizon, ArchiveFile, *more, without=("id", "written_at", "finished_at"))


def kept_somewhere(archive: Path) -> set[tuple[str, str]]:
    import pyarrow.parquet as pq

    from interactions.models import Span

    rows = [row for path in archive.glob("*/spans/*.parquet") for row in _rows(pq, path)]
    return {(row["trace_id"], row["span_id"]) for row in rows} | set(Span.objects.values_list("trace_id", "span_id"))


def _rows(pq, path: Path) -> list[dict]:
    try:
        return pq.read_table(path, columns=["trace_id", "span_id"]).to_pylist()
    except OSError:  # a kill while it was written
        return []


def test_retention_and_archive(shop, archive, killed, send):
    from interactions.retention.run import retain

    retain(now=NOW - timedelta(days=20))  # one day is in the archive before, and gets late facts
    send_day(send, 9, NOW - timedelta(days=55))
    settle()
    everything = kept_somewhere(archive)

    def between():
        assert kept_somewhere(archive) == everything

    killed(lambda: retain(now=NOW), lambda: (database(), files(archive)), points=30, seed=3, between=between)


def test_erasure(shop, archive, killed):
    from interactions.erasure.requests import request_erasure
    from interactions.erasure.run import erase_waiting
    from interactions.models import Erasure
    from interactions.retention.run import retain

    retain(now=NOW)
    request_erasure(project=shop, kind="user", subject="user-1", by="test", now=NOW)
    killed(lambda: erase_waiting(now=NOW), lambda: (database(Erasure), files(archive)), points=30, seed=4)


def test_restore(shop, archive, killed):
    from django.core.management import call_command

    from interactions.models import Event, Interaction, Span
    from interactions.retention.run import retain

    retain(now=NOW)

    def job():
        call_command("archive", "restore", "--project", "shop", verbosity=0)
        settle()

    def state():
        other = ("id", "payload_id", "project_id", "interaction_id")
        return tables(Span, Interaction, Event, without=other), files(archive)

    killed(job, state, points=15, seed=5)
