"""`migrate` makes hypertables of what can be one, as far as the extension's edition goes."""

from itertools import pairwise

import pytest
from django.db import connection

from observatory.metrics import timescale
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Bucket1m, Series

HOUR, DAY = 3_600, 86_400
TABLES = {"metrics_bucket1m", "metrics_bucket5m", "metrics_bucket1h", "metrics_bucket1d", "metrics_sample"}


def rows_of(shop, days):
    series = Series.objects.create(project=shop, metric="test.calls", labels=[], labels_key="[]")
    return [
        Bucket1m(series=series, start=start, n=1, total=1.0, squares=1.0) for start in range(0, round(days * DAY), 6 * HOUR)
    ]


@pytest.fixture
def plain_table(db):
    """The buckets of minutes as they were before the extension came."""
    with connection.schema_editor() as editor:
        editor.execute("DROP TABLE metrics_bucket1m")
        editor.create_model(Bucket1m)


def test_migrating_made_compressed_hypertables(db):
    assert timescale.hypertables() == dict.fromkeys(TABLES, True)


def test_migrating_again_changes_nothing(db, ask):
    jobs = "SELECT job_id, hypertable_name, config FROM timescaledb_information.jobs ORDER BY job_id"
    before = ask(jobs)
    timescale.set_up()
    assert ask(jobs) == before
    assert len(before) == len(TABLES) + 1  # and one of the extension's own


def test_rows_that_are_there_move_into_chunks(plain_table, shop, ask):
    Bucket1m.objects.bulk_create(rows_of(shop, 3))
    connection.check_constraints()
    timescale.set_up()
    assert len(ask("SELECT show_chunks('metrics_bucket1m')")) == 3
    assert Bucket1m.objects.count() == 12


def test_the_apache_edition_gets_chunks_without_compression(plain_table, monkeypatch):
    monkeypatch.setattr(timescale, "extension", lambda: timescale.Extension("2.23.0", "apache"))
    timescale.set_up()
    assert timescale.hypertables()["metrics_bucket1m"] is False


def test_a_version_that_is_too_old_is_left_alone(plain_table, monkeypatch):
    monkeypatch.setattr(timescale, "extension", lambda: timescale.Extension("2.9.3", "timescale"))
    timescale.set_up()
    monkeypatch.undo()
    assert "metrics_bucket1m" not in timescale.hypertables()


@pytest.mark.django_db(transaction=True)
def test_old_chunks_are_compressed_by_the_job(shop, ask):
    Bucket1m.objects.bulk_create(rows_of(shop, 3))
    job = ask("SELECT job_id FROM timescaledb_information.jobs WHERE hypertable_name = 'metrics_bucket1m'")[0][0]
    ask("CALL run_job(%s)", job)
    assert timescale.chunk_sizes()["metrics_bucket1m"].compressed == 3


def test_a_chunk_is_whole_buckets_of_the_next_level():
    for level, above in pairwise(LEVELS):
        assert timescale.CHUNK_S[level.name] % above.seconds == 0
