"""A heartbeat says how long ago it was, and one from the future is none."""

from datetime import UTC, datetime, timedelta

import pytest

from observatory.core.heartbeats import age_s, beat

NOW = datetime(2026, 3, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("ago_s, told", [(90, 90), (0, 0), (-60, 0), (-3_600, 3_600)])
def test_the_age_of_a_heartbeat(ago_s, told):
    beat("worker", now=NOW - timedelta(seconds=ago_s))
    assert age_s("worker", now=NOW) == told


def test_what_never_ran_has_no_age():
    assert age_s("worker", now=NOW) is None
