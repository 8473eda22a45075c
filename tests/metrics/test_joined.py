"""Steps are joined until most of them hold enough values for a quantile."""

from datetime import UTC, datetime, timedelta

from observatory.metrics.joined import joined, step_words, wider
from observatory.metrics.levels import LEVELS
from observatory.metrics.series import Point
from observatory.stats.summary import Summary

HOUR = LEVELS[2]
START = datetime(2026, 3, 2, tzinfo=UTC)


def line(n, hours=24):
    return [Point(START + timedelta(hours=hour), 3_600, Summary(n=n)) for hour in range(hours)]


def test_steps_are_joined_until_half_of_them_have_twenty_values():
    level = joined([line(6)], HOUR, steps=24)
    assert (level.seconds, step_words(level.seconds)) == (4 * 3_600, "4 hours")
    assert [point.summary.n for point in wider(line(6), level)] == [24] * 6
    assert joined([line(20)], HOUR, steps=24) == HOUR


def test_six_steps_remain_however_few_values_there_are():
    assert joined([line(1)], HOUR, steps=24).seconds == 4 * 3_600
    assert joined([], HOUR, steps=5) == HOUR
