"""What stands on /metrics is what the facts say: added up over labels, exact at each boundary, never less than before."""

from datetime import UTC, datetime

import pytest
from prometheus_client.parser import text_string_to_metric_families

from observatory.metrics import catalogue
from observatory.metrics.catalogue import Exposed, Kind, Label, Metric, Prometheus
from observatory.metrics.exposition.accept import TEXT
from observatory.metrics.exposition.expose import expose
from observatory.metrics.levels import LEVELS
from observatory.metrics.models import Counter

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
AT = NOW.timestamp()


@pytest.fixture
def gauges(facts, monkeypatch):
    """Metrics with two labels and gauges, beside those of `facts`."""
    source = catalogue.metric("test.calls").source
    model, user = Label("model"), Label("user")
    own = [
        Metric("g.level", "ms", "Level.", Kind.GAUGE, source, "ms", (model,), prometheus=(
            Prometheus("level", Exposed.GAUGE_LAST, window_s=600, help="Last."),)),
        Metric("g.mean", "ms", "Mean.", Kind.DISTRIBUTION, source, "ms", (model, user), prometheus=(
            Prometheus("mean_seconds", Exposed.GAUGE_MEAN, (("model", "model"),), scale=0.001, help="Mean."),)),
        Metric("g.users", "1", "Users.", Kind.DISTINCT, source, "user", (model,), prometheus=(
            Prometheus("{ns}_users", Exposed.GAUGE_DISTINCT, help="Users."),)),
        Metric("g.calls", "1", "Calls.", Kind.COUNT, source, "", (model, user), prometheus=(
            Prometheus("{ns}_newest", Exposed.GAUGE_NEWEST, (("model", "model"),), window_s=86_400, help="Newest."),
            Prometheus("by_user_total", Exposed.COUNTER, (("user", "user"),), (("kind", "all"),), help="Calls."),)),
    ]  # fmt: skip
    for metric in own:
        monkeypatch.setitem(catalogue._METRICS, metric.name, metric)


def told(project, *, now=NOW):
    """Every sample by its name and labels."""
    found = text_string_to_metric_families(expose(project.id, now=now, content_type=TEXT))
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in found for s in family.samples}


def calls(facts, *some):
    facts.update(enumerate(some, len(facts)))


def test_series_that_share_the_labels_of_a_family_are_added_up(shop, facts, roll, gauges):
    calls(facts, (AT, "a", 50, "ann"), (AT, "b", 100, "ann"), (AT - 86_400 * 40, "b", 700, "ann"), (AT, "b", 5_000, "bob"))
    roll(now=NOW)
    found = told(shop)
    assert found["calls_total", (("model", "a"),)] == 1
    assert found["calls_total", (("model", "b"),)] == 3
    assert found["by_user_total", (("kind", "all"), ("user", "ann"))] == 3
    assert [found["calls_seconds_bucket", (("le", le),)] for le in ("0.1", "1.0", "+Inf")] == [2, 3, 4]
    assert found["calls_seconds_count", ()] == 4
    assert found["calls_seconds_sum", ()] == pytest.approx(5.85)


def test_gauges_tell_of_their_window_only(shop, facts, roll, gauges):
    calls(
        facts, (AT - 3_600, "a", 900, "old"), (AT - 200, "a", 100, "ann"), (AT - 100, "b", 300, "bob"), (AT, "b", 500, "bob")
    )
    roll(now=NOW)
    found = told(shop)
    assert found["level", ()] == 500
    assert found["mean_seconds", (("model", "a"),)] == pytest.approx(0.1)
    assert found["mean_seconds", (("model", "b"),)] == pytest.approx(0.4)
    assert found["observatory_users", ()] == 2
    assert found["observatory_newest", (("model", "b"),)] == 1
    later = told(shop, now=datetime(2026, 3, 4, tzinfo=UTC))
    assert not {name for name, _ in later} & {"level", "mean_seconds", "observatory_users", "observatory_newest"}
    assert later["calls_total", (("model", "b"),)] == 2


def test_the_newest_of_a_quiet_day_is_found(shop, facts, roll, gauges):
    calls(facts, (AT - 50_000, "a", 900, "ann"), (AT - 50_100, "b", 1, "ann"), (AT - 90_000, "c", 1, "ann"))
    roll(now=NOW)
    assert [key for key in told(shop) if key[0] == "observatory_newest"] == [("observatory_newest", (("model", "a"),))]


def test_a_counter_never_falls(shop, facts, roll, gauges):
    calls(facts, (AT, "a", 50, "ann"), (AT, "a", 2_000, "ann"))
    roll(now=NOW)
    before = told(shop)
    facts[0] = (AT, "b", 60_000, "bob")  # a late span makes it another model's, and slower
    roll(AT, now=NOW)
    after = told(shop)
    grows = {key for key in before if key[0].startswith(("calls", "by_user"))}
    assert all(after[key] >= before[key] for key in grows)
    # What moved from one series to another is counted in both, until the first one has grown past it.
    assert [after["calls_seconds_bucket", (("le", le),)] for le in ("0.1", "1.0", "+Inf")] == [1, 1, 3]


def test_deleting_facts_and_buckets_for_their_age_changes_nothing(shop, facts, roll, gauges):
    calls(facts, (AT - 86_400 * 2, "a", 50, "ann"), (AT - 86_400 * 2, "b", 2_000, "bob"))
    roll(now=NOW)
    before = told(shop)
    facts.clear()
    for level in LEVELS[:-1]:
        level.rows.all().delete()
    assert told(shop) == before
    assert before["calls_seconds_count", ()] == 2


def test_another_project_is_not_seen(shop, facts, roll, gauges):
    from observatory.projects.models import Project

    calls(facts, (AT, "a", 50, "ann"))
    roll(now=NOW)
    other = Project.objects.create(slug="other", name="Other")
    assert not {name for name, _ in told(other)} & {"calls_total", "calls_seconds_count", "observatory_users"}


def test_a_project_without_a_machine_of_its_own_shows_that_of_observatory(shop, facts, roll, monkeypatch):
    from observatory.projects.models import Project
    from observatory.projects.own import OWN_SLUG

    level = catalogue.metric("test.level")
    shown = (Prometheus("level", Exposed.GAUGE_LAST, help="Last."),)
    shared = Metric(level.name, "ms", "Level.", Kind.GAUGE, level.source, "ms", prometheus=shown, is_shared=True)
    monkeypatch.setitem(catalogue._METRICS, level.name, shared)
    calls(facts, (AT, "a", 50, "ann"))
    roll(now=NOW)
    other = Project.objects.create(slug="other", name="Other")
    assert ("level", ()) not in told(other)
    type(shop).objects.filter(pk=shop.pk).update(slug=OWN_SLUG)
    assert told(other)["level", ()] == 50


def test_a_series_of_an_older_declaration_does_not_break_a_scrape(shop, facts, roll, monkeypatch):
    calls(facts, (AT, "a", 50, "ann"))
    roll(now=NOW)
    time = catalogue.metric("test.time")
    wider = Prometheus("calls_seconds", Exposed.HISTOGRAM, scale=0.001, boundaries=(10.0, 100.0, 1_000.0), help="Time.")
    monkeypatch.setitem(catalogue._METRICS, time.name, Metric(
        time.name, "ms", "Time.", Kind.DISTRIBUTION, time.source, "ms", time.labels, prometheus=(wider,)))  # fmt: skip
    Counter.objects.filter(series__metric="test.calls").update(n=7)
    found = told(shop)
    assert [found["calls_seconds_bucket", (("le", le),)] for le in ("0.01", "1.0", "+Inf")] == [0, 0, 1]
    assert found["calls_total", (("model", "a"),)] == 7


def test_families_are_sorted_and_have_one_head(shop, facts, roll, gauges):
    calls(facts, (AT, "a", 50, "ann"), (AT, "b", 60, "bob"))
    roll(now=NOW)
    lines = expose(shop.id, now=NOW, content_type=TEXT).splitlines()
    heads = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert heads == sorted(set(heads))


def test_a_family_of_several_metrics_has_two_hundred_label_sets_at_most(shop, facts, roll, monkeypatch):
    source = catalogue.metric("test.calls").source
    for number in range(3):  # as tokens have a metric for each type
        family = Prometheus(
            "by_type_total", Exposed.COUNTER, (("user", "user"),), (("type", f"t{number}"),), help="By type."
        )
        one = Metric(f"t.{number}", "1", "T.", Kind.COUNT, source, "", (Label("user", cap=150),), prometheus=(family,))
        monkeypatch.setitem(catalogue._METRICS, one.name, one)

    def shown() -> dict:
        return {key: value for key, value in told(shop).items() if key[0] == "by_type_total"}

    calls(facts, *[(AT, "m", 1, f"u{number}") for number in range(60)])
    roll(now=NOW)
    before = shown()
    calls(facts, *[(AT, "m", 1, f"a{number}") for number in range(300)])
    roll(AT, now=NOW)
    after = shown()
    assert (len(before), len(after)) == (180, 200)
    assert all(after[key] >= value for key, value in before.items())
    assert sum(after.values()) == 3 * 360


@pytest.mark.parametrize("label", ["model", "user"])
def test_a_thousand_values_add_two_hundred_label_sets_at_most(shop, facts, roll, gauges, label):
    some = [
        (AT - n % 50 * 60, f"m{n}" if label == "model" else "m", n, f"u{n}" if label == "user" else "u")
        for n in range(1_000)
    ]
    calls(facts, *some)
    roll(now=NOW)
    sets: dict[str, set] = {}
    for name, labels in told(shop):
        sets.setdefault(name, set()).add(tuple(one for one in labels if one[0] != "le"))
    assert max(map(len, sets.values())) <= 200
    found = told(shop)
    assert sum(value for (name, _), value in found.items() if name == "calls_total") == 1_000
    assert sum(value for (name, _), value in found.items() if name == "by_user_total") == 1_000
