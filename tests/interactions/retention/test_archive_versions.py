"""An interaction that was rebuilt after its day was archived is in the archive once."""

from datetime import UTC, datetime, timedelta

import pyarrow.parquet as pq
import pytest

from tests.interactions.retention.conftest import NOW, settle, span

TRACE = "7" * 32


@pytest.fixture
def busy(monkeypatch):
    """`busy()` archives everything that is due, and deletes nothing of it."""
    from interactions.retention import run

    def archive_only():
        with monkeypatch.context() as patch:
            patch.setattr(run, "delete_window", lambda *args: False)
            run.retain(now=NOW)

    return archive_only


def archived(archive):
    rows = [row for path in archive.rglob("interactions/*.parquet") for row in pq.read_table(path).to_pylist()]
    return [row["asked_at"] for row in rows if row["trace_id"] == TRACE]


@pytest.mark.parametrize(
    "at", [NOW - timedelta(days=40), datetime(2024, 2, 5, 0, 0, 10, tzinfo=UTC)], ids=["within a day", "across midnight"]
)
@pytest.mark.parametrize("neighbours", [True, False])
def test_a_late_root_moves_it(project, send, archive, busy, at, neighbours):
    from interactions.retention.run import retain

    send("/api/v1/spans", [span(TRACE, at, "d" * 16, "c" * 16, input="q")])
    if neighbours:
        send("/api/v1/spans", [span("8" * 32, at + timedelta(minutes=1), input="q")])
    settle()
    busy()
    assert archived(archive) == [at]
    send("/api/v1/spans", [span(TRACE, at - timedelta(seconds=30), input="q")])
    settle()
    retain(now=NOW)
    assert archived(archive) == [at - timedelta(seconds=30)]


def test_what_late_spans_alone_rebuilt_replaces_nothing(project, send, archive):
    """The first one went for its age and is counted, so is the second."""
    from interactions.retention.run import retain

    at = NOW - timedelta(days=40)
    send("/api/v1/spans", [span(TRACE, at, input="q"), span(TRACE, at, "d" * 16, "c" * 16)])
    settle()
    retain(now=NOW)
    send("/api/v1/spans", [span(TRACE, at + timedelta(seconds=9), "e" * 16, "c" * 16)])
    settle()
    retain(now=NOW)
    assert archived(archive) == [at, at + timedelta(seconds=9)]


def test_a_storage_that_renames_files_is_refused(project, send, archive, monkeypatch):
    from django.core.files.storage import FileSystemStorage

    from interactions.retention.run import retain
    from observatory.metrics.models import JobFailure

    real = FileSystemStorage.save
    monkeypatch.setattr(FileSystemStorage, "save", lambda self, name, *rest: real(self, f"{name}x", *rest))
    send("/api/v1/spans", [span(TRACE, NOW - timedelta(days=40))])
    settle()
    retain(now=NOW)
    assert {failure.part for failure in JobFailure.objects.all()} >= {"spans", "interactions"}
    assert list(archive.rglob("*.parquet*")) == []
