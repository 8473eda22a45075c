"""Numbers and moments as people read them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from interactions.latency import latency_category
from observatory.core.formats import ago, dollars, duration, moment, size
from observatory.core.time_range import quick_range

NOW = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (None, "–"),
        (0, "0 ms"),
        (0.42, "0.42 ms"),
        (999.4, "999 ms"),
        (999.6, "1.00 s"),
        (59_996, "1 min 00 s"),
        (7_260_000, "2 h 01 min"),
        (86_399_000, "23 h 59 min"),
        (2 * 86_400_000, "2 d 0 h"),
        (1e12, "11,574 d 1 h"),
    ],
)
def test_durations(ms, text):
    assert duration(ms) == text


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (None, "–"),
        ("0", "$0"),
        ("0.00114625", "$0.001146"),
        ("0.0000000004", "<$0.000001"),
        ("0.05344", "$0.0534"),
        ("1204.5", "$1,204.50"),
    ],
)
def test_dollars(usd, text):
    assert dollars(None if usd is None else Decimal(usd)) == text


def test_sizes():
    assert [size(n) for n in (0, 512, 1_536, 999_600, -2.5e9)] == ["0 bytes", "512 bytes", "1.54 kB", "1 MB", "-2.5 GB"]


def test_moments_and_ages():
    assert moment(NOW, now=NOW) == "5 Mar 09:30:00"
    assert moment(NOW.replace(year=2023), now=NOW) == "5 Mar 2023 09:30:00"
    assert [ago(NOW - timedelta(seconds=s), now=NOW) for s in (5, 180, 7200, 200_000, -300)] == [
        "5 s ago", "3 min ago", "2 h ago", "2 d ago", "in 5 min",
    ]  # fmt: skip
    assert ago(None, now=NOW) == "never"


@pytest.mark.parametrize(
    ("ms", "name"),
    [
        (0, "excellent"),
        (999, "excellent"),
        (1000, "good"),
        (2000, "acceptable"),
        (4999, "acceptable"),
        (5000, "poor"),
        (None, None),
    ],
)
def test_latency_in_four_words(ms, name):
    assert latency_category(ms) == name


def test_a_range_is_named_by_its_key_and_a_custom_one_goes_before_it():
    assert quick_range({"range": "24h"}, now=NOW).since == NOW - timedelta(days=1)
    assert quick_range({"range": "nonsense"}, now=NOW).since is None
    assert quick_range({"range": "24h", "since": "2026-01-01"}, now=NOW).key == ""
