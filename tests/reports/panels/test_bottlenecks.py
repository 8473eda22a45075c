"""Bottlenecks: what is found in points, and in which words it is said."""

from datetime import UTC, datetime, timedelta

import pytest

from observatory.metrics.series import Point
from observatory.stats.summary import summarise
from reports.panels.bottlenecks import RULES, Beyond, Growing
from reports.panels.gauges import long, use_of

TEN = datetime(2026, 3, 1, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MEMORY = Beyond("system.memory", "Memory", 90.0, 15 * MINUTE)
QUEUE = Growing("system.queue", "The queue of work", 100.0, 30 * MINUTE)


def points(*means, step_s=300, start=TEN):
    """A point every `step_s`; None is a gap."""
    known = [(start + place * timedelta(seconds=step_s), mean) for place, mean in enumerate(means) if mean is not None]
    return [Point(at, step_s, summarise([mean])) for at, mean in known]


def said(rule, line):
    return [(rule.said(one), one.start, one.end) for one in rule.found(line)]


def test_a_stretch_beyond_the_limit_is_said_with_its_length():
    line = points(50, *[95.0] * 40, 50)
    start, end = TEN + 5 * MINUTE, TEN + 205 * MINUTE
    assert said(MEMORY, line) == [("Memory above 90 % for 3 h 20 min", start, end)]


def test_a_short_stretch_and_the_limit_itself_are_none():
    assert MEMORY.found(points(95, 95, 50)) == []
    assert MEMORY.found(points(*[90.0] * 10)) == []


def test_a_gap_parts_stretches_for_nobody_knows_what_was_in_it():
    found = MEMORY.found(points(*[95] * 3, None, *[95] * 4))
    assert [one.span for one in found] == [15 * MINUTE, 20 * MINUTE]


def test_the_worst_value_of_a_stretch_is_kept():
    assert MEMORY.found(points(91, 99.5, 92))[0].worst == 99.5
    below = Beyond("system.health_score", "Health score", 60.0, 15 * MINUTE, is_below=True)
    assert below.found(points(50, 40, 55))[0].worst == 40


def test_a_queue_that_doubles_is_said_from_where_it_began():
    line = points(20, 20, 20, *range(40, 700, 60), 700, 100)
    (one,) = QUEUE.found(line)
    assert QUEUE.said(one) == f"The queue of work grew from 20 to {one.last:,.0f} within {long(one.span)}"
    assert one.start >= TEN + 10 * MINUTE
    assert one.last >= 600


def test_one_step_alone_neither_makes_nor_breaks_a_rise():
    assert QUEUE.found(points(*[20] * 6, 5_000, *[20] * 6)) == []
    assert len(QUEUE.found(points(0, 50, 100, 150, 140, 250, 300, 350, 400, 450))) == 1


@pytest.mark.parametrize(
    "line", [points(), points(5), points(*[0] * 50), points(0, *[None] * 5, 500), points(*[10, 60] * 20)], ids=str
)
def test_no_growth_is_found_where_there_is_none(line):
    assert QUEUE.found(line) == []


def test_every_rule_says_what_it_looks_for():
    assert [rule.rule for rule in RULES][:2] == [
        "CPU above 90 % for 15 min or longer",
        "Memory above 90 % for 15 min or longer",
    ]
    assert all(rule.rule for rule in RULES)


def test_the_use_of_a_level_is_its_mean_usual_and_worst_value():
    line = points(*range(100))
    use = use_of(line)
    assert (use.mean, use.p95, use.peak, use.last, use.n) == (49.5, 95.0, 99.0, None, 100)
    assert use.peak_at == line[-1].start
    assert use_of([]) is None


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (200, "3 h 20 min"), (1_440, "1 d"), (1_700, "1 d 4 h")],
)
def test_lengths_are_said_as_people_say_them(minutes, words):
    assert long(timedelta(minutes=minutes)) == words
