"""Debian's real Prometheus scrapes a real server, and what it answers is what the reader of series says."""

import subprocess
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from observatory.metrics import catalogue, series
from observatory.metrics.catalogue import Exposed
from observatory.metrics.exposition.expose import named
from observatory.metrics.exposition.families import families
from observatory.metrics.record import SAMPLES, Measured, record_all
from observatory.metrics.series import Window
from tests.metrics.exposition import traffic
from tests.metrics.exposition.prometheus import scraping

pytestmark = [pytest.mark.prometheus, pytest.mark.slow]
# Where a counter starts near zero `rate` extrapolates less, for each counter otherwise; so the first load is not small.
FIRST, SECOND = 120, 180
BY_ARRIVAL = {"{ns}_ingest_records_total"}  # counted in the minute in which they came
WITHOUT_TRAFFIC = {"{ns}_llm_cost_usd_total"}
# What the ledger fixes, against the conventions that promtool checks.
LEDGER_NAMES = {"observatory_query_processing_time_ms", "observatory_active_sessions_total"}


def digest() -> None:
    from interactions.digest.run import digest_until_empty
    from observatory.metrics.rollup.run import roll_up

    digest_until_empty()
    roll_up(now=timezone.now())


def scrapes(prometheus) -> float:
    """How many succeeded."""
    return sum(prometheus.query("sum_over_time(up[2m])").values())


def measure(team, at: datetime) -> None:
    """A value of every metric that is measured and not counted from what was sent."""
    measured = [metric.name for metric in catalogue.metrics() if metric.source is SAMPLES]
    record_all([Measured(team.ours.pk, name, 1.5) for name in measured], at=at)


def score(team, at: datetime, *, number: int) -> None:
    """Verdicts of every source, `number` of each."""
    from feedback.metrics.judged import JUDGED
    from feedback.models import Source
    from feedback.scores import Verdict, write

    names = [(Source.USER, "rating", 4), (Source.SIGNAL, "signal.click", 1), (Source.ESTIMATE, "estimate", 0.6)]
    names += [(Source.JUDGE, one.score, 0.8) for one in JUDGED]
    spent = {
        "cost_usd": "0.25",
        "input_tokens": 900,
        "output_tokens": 100,
        "interaction_id": uuid4(),
        "parts": {"tone": 0.4},
    }
    verdicts = [
        Verdict(f"{at:%H%M} {name} {place}", source, name, at, value=value, **spent)
        for source, name, value in names
        for place in range(number)
    ]
    write(team.ours.pk, verdicts, now=at)


def summaries(team, minute: datetime, family):
    """What the reader of series says of a family's metrics in one minute: by metric, all label sets together."""
    window = Window(minute, minute + timedelta(minutes=1))
    for metric, declared in family.parts:
        found = series.summaries(metric, project_id=team.ours.pk, window=window)
        if found:
            yield metric, declared, found[()]


@pytest.fixture
def scraped(caller, team, server, tmp_path):
    """Prometheus, the minute of the second load, and the text after it. The first load is there before the first scrape."""
    now = timezone.now().replace(second=0, microsecond=0)
    first, second = now - timedelta(minutes=3), now - timedelta(minutes=1)
    traffic.send(caller, at=first, calls=FIRST)
    measure(team, first)
    score(team, first, number=FIRST)
    digest()
    with scraping(tmp_path, port=server, key=team.keys["read"]) as prometheus:
        prometheus.wait_for(lambda: scrapes(prometheus) >= 3)
        traffic.send(caller, at=second, calls=SECOND)
        measure(team, second)
        score(team, second, number=SECOND)
        digest()
        # Interactions of two models, and traces.
        prometheus.wait_for(lambda: sum(prometheus.query("observatory_queries_total").values()) >= 3 * (FIRST + SECOND))
        wanted = scrapes(prometheus) + 2
        prometheus.wait_for(lambda: scrapes(prometheus) >= wanted)
        reader = {"Authorization": f"Bearer {team.keys['read']}"}
        yield prometheus, second, caller("GET", "/metrics", headers=reader).body.decode()


def test_prometheus_says_what_the_series_say(scraped, team):
    prometheus, minute, text = scraped
    assert_same_values(prometheus, text)
    for family in families():
        if family.type is Exposed.COUNTER and family.name not in WITHOUT_TRAFFIC | BY_ARRIVAL:
            assert_counter(prometheus, team, minute, family)
        if family.type is Exposed.HISTOGRAM:
            assert_histogram(prometheus, team, minute, family)
    assert_exemplars(prometheus)
    assert_lint(text)


def assert_same_values(prometheus, text: str) -> None:
    """Each sample on the page is in Prometheus under the same name and labels, whatever format it asked for."""
    for family in text_string_to_metric_families(text):
        for name in {sample.name for sample in family.samples}:
            ours = {
                frozenset({("__name__", name), *sample.labels.items()}): sample.value
                for sample in family.samples
                if sample.name == name
            }
            found = prometheus.query(name)
            assert found.keys() == {frozenset((k, v) for k, v in labels if v) for labels in ours}, name
            if "digest" not in name:
                assert sorted(found.values()) == pytest.approx(sorted(ours.values())), name
    exposed = {family.name for family in text_string_to_metric_families(text)}
    missing = {named(one.name) for one in families() if one.name not in WITHOUT_TRAFFIC}
    assert {name.removesuffix("_total") for name in missing} <= {name.removesuffix("_total") for name in exposed}


def assert_counter(prometheus, team, minute: datetime, family) -> None:
    """`increase` extrapolates to the ends of its range, all counters alike: the ratio of two is exact."""
    name = named(family.name)
    grown = sum(
        summary.total * declared.scale if metric.kind == "sum" else summary.n
        for metric, declared, summary in summaries(team, minute, family)
    )
    assert grown, name
    ratio = prometheus.number(f"sum(increase({name}[1m])) / sum(increase(observatory_queries_total[1m]))")
    queries = next(one for one in families() if one.name == "{ns}_queries_total")
    whole = sum(summary.n for _, _, summary in summaries(team, minute, queries))
    assert ratio == pytest.approx(grown / whole, rel=1e-6), name
    assert prometheus.number(f"sum(rate({name}[1m]))") * 60 == pytest.approx(grown, rel=0.5), name


def assert_histogram(prometheus, team, minute: datetime, family) -> None:
    """The mean is exact; a quantile lies in the bucket in which the sketch (1 %) says that it is."""
    name = named(family.name)
    fixed = {declared.fixed for _, declared in family.parts}
    for constants in fixed:
        found = [
            (declared.scale, summary)
            for _, declared, summary in summaries(team, minute, family)
            if declared.fixed == constants
        ]
        chosen = "{" + ",".join(f'{key}="{value}"' for key, value in constants) + "}"
        n, total = sum(one.n for _, one in found), sum(scale * one.total for scale, one in found)
        mean = prometheus.number(f"sum(rate({name}_sum{chosen}[1m])) / sum(rate({name}_count{chosen}[1m]))")
        assert mean == pytest.approx(total / n, rel=1e-6), name
        if len(found) == 1:
            ((scale, summary),) = found
            for q in (0.5, 0.9, 0.99):
                answer = prometheus.number(f"histogram_quantile({q}, sum by (le) (rate({name}_bucket{chosen}[1m])))")
                assert_same_bucket(family.boundaries, answer, summary.quantile(q) * scale, f"{name} {q}")


def assert_same_bucket(boundaries, answer: float, sketch: float, what: str) -> None:
    if sketch > boundaries[-1]:
        assert answer == pytest.approx(boundaries[-1]), what  # Prometheus knows no more
        return
    above = next(edge for edge in boundaries if edge >= sketch * 0.99)
    below = max((edge for edge in boundaries if edge < above), default=0.0)
    top = next((edge for edge in boundaries if edge >= sketch * 1.01), boundaries[-1])
    assert below <= answer <= top * 1.000001, (what, answer, sketch)


def assert_exemplars(prometheus) -> None:
    found = prometheus.ask("query_exemplars", query="observatory_stage_duration_seconds_bucket", start=0, end=2**33)
    traces = {one["labels"]["trace_id"] for line in found for one in line["exemplars"]}
    assert traces
    assert all(len(trace) == 32 for trace in traces)


def assert_lint(text: str) -> None:
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if line.strip()]
    assert {line.split()[0] for line in complaints} <= LEDGER_NAMES, complaints
