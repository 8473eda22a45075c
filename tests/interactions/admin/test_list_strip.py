"""The strip: columns of the time shown, and what is unusual among them."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from interactions.admin.strip import NO_BAND, strip_of
from interactions.reading.filters import Filters
from observatory.charts.strip import StripColumn, strip_chart
from observatory.metrics.rollup.run import roll_up
from observatory.stats.bands import band

HOUR = timedelta(hours=1)
LIST = "/admin/interactions/interaction/"
pytestmark = pytest.mark.django_db


def strip(project, **filters):
    return strip_of(project.pk, Filters(**filters), now=timezone.now(), labels={name: name for name in filters})


def test_a_gap_says_that_nothing_came(shop, send, moment):
    send(shop, "interactions", *({"query": "q", "model": "m", "asked_at": moment(n)} for n in (0, 7200)))
    roll_up(now=timezone.now())
    assert "nothing was received" in {row["said"] for row in strip(shop).chart.rows}
    found = strip(shop, model="m")
    assert "none of these was received" in {row["said"] for row in found.chart.rows}
    assert found.gaps == found.columns - 2


def test_a_short_history_has_no_band(shop, send):
    send(shop, "interactions", {"query": "q"})
    roll_up(now=timezone.now())
    found = strip(shop)
    assert (found.total, found.unusual) == (1, 0)


@pytest.mark.parametrize("query", [{"since": "0001-01-01"}, {"until": "9999-12-31T23:59:59Z"}, {"since": "2030-01-01"}])
def test_impossible_times_leave_the_page_whole(shop, send, admin_client, query):
    send(shop, "interactions", {"query": "q"})
    roll_up(now=timezone.now())
    assert admin_client.get(LIST, {"project": "shop", **query}).status_code == 200


def test_the_chart_is_data_that_no_browser_runs(shop, send, admin_client):
    send(shop, "interactions", {"query": "q", "model": "</script><script>alert(1)</script>"})
    roll_up(now=timezone.now())
    text = admin_client.get(LIST, {"project": "shop", "q": "</script><script>alert(1)"}).content.decode()
    assert "<script>alert" not in text
    spec = re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    assert json.loads(spec.group(1))["height"]


def test_of_a_few_nothing_is_said_and_no_band_is_drawn(shop, send, moment):
    rows = [{"query": "q", "asked_at": moment(3_000 * n)} for n in range(30)] + [{"query": "q", "asked_at": moment(60)}] * 5
    send(shop, "interactions", *({**row, "status": "error"} if place % 9 == 0 else row for place, row in enumerate(rows)))
    roll_up(now=timezone.now())
    found = strip(shop, since=timezone.now() - timedelta(days=1))
    assert (found.total, found.unusual) == (34, 0)
    assert len(found.chart.spec["layer"]) == 2  # no band, no triangle


def test_an_import_that_is_spread_evenly_has_no_unusual_columns(shop, send, moment):
    send(shop, "interactions", *({"query": "q", "asked_at": moment(3_600 * n)} for n in range(24 * 8 + 5)))
    send(shop, "interactions", *({"query": "q", "asked_at": moment(3_600 * n + 9)} for n in range(24 * 8 + 5)))
    roll_up(now=timezone.now())
    for days in (1, 7, 30, 90):
        found = strip(shop, since=timezone.now() - timedelta(days=days))
        assert (found.unusual, found.total > 40) == (0, True), days


def test_columns_that_are_empty_mostly_make_no_band(shop, send, moment):
    days = [moment(86_400 * n) for n in range(2, 40, 4)]
    send(shop, "interactions", *({"query": "q", "asked_at": day} for day in days for _ in range(12)))
    roll_up(now=timezone.now())
    found = strip(shop)
    assert (found.total, found.unusual, found.rule) == (120, 0, NO_BAND)


def test_the_axis_is_that_of_the_columns_and_the_band_is_cut():
    at = timezone.now().replace(minute=0, second=0, microsecond=0)
    wide = [StripColumn(at, {"ok": 20}, usual=(12.0, 90.0))]
    chart = strip_chart(wide, start=at, end=at + HOUR, step=HOUR, styles={"ok": "accent"}, description="", nothing="none")
    band, columns, _ = chart.spec["layer"]
    assert band["mark"]["clip"]
    assert band["encoding"]["y"]["scale"]["domain"] == columns["encoding"]["y"]["scale"]["domain"] == [0, 20]


def test_a_band_is_never_narrower_than_chance():
    assert band([4, 4, 4, 4, 4, 4]).high == 4 + 3 * 2
    assert band([1, 2]) is None
    assert band([0] * 20).high == 3
    wild = band([10, 1000, 10, 12, 11, 9, 10])
    assert wild.middle == 10
    assert wild.is_above(1000)
