"""Observatory watches itself."""

from datetime import UTC, datetime, timedelta

import pytest

from interactions.models import Event, PricingGap, StaleTrace
from interactions.tasks import digest
from observatory.core.heartbeats import age_s, beat
from observatory.metrics import catalogue, series
from observatory.metrics.models import Sample, StaleBucket
from observatory.metrics.rollup.run import roll_up
from observatory.metrics.series import Window
from observatory.projects.models import Project
from observatory.projects.own import OWN_SLUG, own_project
from observatory.watch import queues
from observatory.watch.host import Host
from observatory.watch.run import watch_host, watch_pipeline, watcher

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def samples(project_id):
    return {(one.metric, one.labels.get("level")): one.value for one in Sample.objects.filter(project_id=project_id)}


def test_the_machine_is_sampled_into_the_own_project(tmp_path):
    watch_host(Host(tmp_path), now=NOW)
    data = Event.objects.get(project__slug=OWN_SLUG, type="system.sample").data
    assert {"host", "cpu_percent", "memory_percent", "disk_percent", "connections", "queue_size"} <= set(data)
    assert all(0 <= data[f"{name}_percent"] <= 100 for name in ("cpu", "memory", "disk"))


def test_a_rate_is_none_of_two_looks_at_once_or_after_a_restart_of_the_counter(tmp_path, monkeypatch):
    host = Host(tmp_path)
    at, _ = host._network
    host._network = (at - 10, 0)
    assert host.look()["network_bytes_per_s"] >= 0
    host._network = (at - 10, 10**18)
    assert "network_bytes_per_s" not in host.look()


def test_one_look_beats_and_measures_machine_and_pipeline():
    watcher()()
    assert age_s("worker", now=datetime.now(UTC)) < 60
    assert Event.objects.filter(type="system.sample").count() == 1
    assert ("pipeline.database_size", None) in samples(own_project().pk)


def test_what_waits_in_a_project_is_measured_there():
    shop = Project.objects.create(slug="shop")
    StaleTrace.objects.create(project=shop, trace_id="1" * 32, marked_at=NOW - timedelta(seconds=90))
    StaleTrace.objects.create(project=shop, trace_id="2" * 32, marked_at=NOW - timedelta(days=9), failures=5)
    PricingGap.objects.create(project=shop, model="m", first_seen_at=NOW, last_seen_at=NOW)
    watch_pipeline(now=NOW)
    found = samples(shop.pk)
    assert {name: found[f"pipeline.{name}", None] for name in ("digest_waiting", "digest_lag", "digest_failed")} == {
        "digest_waiting": 1, "digest_lag": 90, "digest_failed": 1,
    }  # fmt: skip
    assert found["pipeline.pricing_gaps", None] == 1
    assert found["pipeline.query_time", None] > 0


def test_a_project_in_which_nothing_happens_is_not_measured():
    quiet = Project.objects.create(slug="quiet")
    watch_pipeline(now=NOW)
    assert samples(quiet.pk) == {}


def test_the_lag_of_the_roll_up_is_measured_by_level():
    own = own_project()
    StaleBucket.objects.create(project=own, source="events", level=2, start=0, marked_at=NOW - timedelta(seconds=30))
    watch_pipeline(now=NOW)
    found = samples(own.pk)
    assert (found["pipeline.rollup_lag", "1h"], found["pipeline.rollup_lag", "1m"]) == (30, 0)


def test_the_growth_of_the_database_is_that_of_a_day(monkeypatch):
    own, sizes = own_project(), iter([1_000, 1_500, 4_000])
    monkeypatch.setattr("observatory.watch.pipeline.database_bytes", lambda: next(sizes))
    for moment in (NOW - timedelta(hours=30), NOW - timedelta(hours=20), NOW):
        watch_pipeline(now=moment)
        roll_up(now=moment)
    growth = catalogue.metric("pipeline.database_growth")
    found = series.summaries(growth, project_id=own.pk, window=Window(NOW, NOW + timedelta(minutes=1)))
    assert found[()].last == 2_500


def test_the_queue_counts_rows_and_messages(monkeypatch):
    StaleTrace.objects.create(project=own_project(), trace_id="1" * 32, marked_at=NOW)
    monkeypatch.setattr(queues, "waiting_messages", lambda: 4)
    assert queues.queue_size() == 5


def test_a_broker_that_is_away_does_not_stop_the_watch(monkeypatch):
    def away():
        raise OSError("away")

    monkeypatch.setattr(queues, "waiting_messages", away)
    assert queues.queue_size() == 0


def test_the_broker_tells_how_many_messages_wait():
    digest.apply_async(expires=60)
    assert queues.waiting_messages() >= 1  # the doorbell of other tests may have rung as well


def test_a_heartbeat_has_an_age():
    assert age_s("x", now=NOW) is None
    beat("x", now=NOW - timedelta(seconds=5))
    beat("x", now=NOW - timedelta(seconds=3))
    assert age_s("x", now=NOW) == 3.0
