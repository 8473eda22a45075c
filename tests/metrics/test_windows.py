"""Which buckets a window is answered from."""

from datetime import UTC, datetime, timedelta

from observatory.core import bulk
from observatory.metrics import catalogue, series
from observatory.metrics.models import Bucket5m, Horizon, Series
from observatory.metrics.rollup.rows import COLUMNS, row_of
from observatory.metrics.rollup.series_ids import key_of
from observatory.metrics.series import Window
from observatory.projects.own import own_project
from observatory.stats.summary import merge, summarise

AT = 1_770_000_000 // 3_600 * 3_600
START = datetime.fromtimestamp(AT, UTC)


def test_a_shared_metric_is_read_where_its_owner_still_has_it(shop):
    metric = catalogue.metric("system.cpu")
    own = own_project()
    one = Series.objects.create(project=own, metric=metric.name, labels=["host"], labels_key=key_of(["host"]))
    bulk.insert(Bucket5m, COLUMNS, [row_of(one.pk, AT, summarise([5.0]))])
    Horizon.objects.create(project=own, source=metric.source.name, level=0, until=AT + 86_400)
    window = Window(START, START + timedelta(hours=1))
    assert series.points(metric, project_id=own.pk, window=window)
    assert series.points(metric, project_id=shop.pk, window=window) == series.points(
        metric, project_id=own.pk, window=window
    )


def test_a_window_and_the_one_before_share_no_bucket(shop, facts, roll):
    facts.update({1: (AT - 60, "a", 10, "u"), 2: (AT + 3_000, "a", 10, "u")})
    roll()
    metric = catalogue.metric("test.calls")
    asked = Window(START + timedelta(minutes=1), START + timedelta(days=20))
    level, now, before = series.comparable(metric, project_id=shop.pk, window=asked)
    lines = [series.points(metric, project_id=shop.pk, window=one, level=level) for one in (now, before)]
    counts = [merge(point.summary for line in found.values() for point in line).n for found in lines]
    assert now.start <= asked.start
    assert before.end == now.start
    assert sum(counts) == 2
