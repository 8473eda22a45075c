"""The strip of nine days: what is unusual among its columns, where each leads, and what it follows."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from observatory.metrics.rollup.run import roll_up
from observatory.projects.models import Project
from tests.interactions.admin.conftest import send_to
from tests.interactions.admin.test_list_strip import LIST, strip
from tests.store import undone


@pytest.fixture(scope="module")
def nine_days(django_db_setup, django_db_blocker):
    """Two an hour for nine days, and forty in one hour of the last day, ten of which failed.

    Made once for the file; each test undoes its own.
    """
    with django_db_blocker.unblock(), undone():
        project = Project.objects.create(slug="shop", name="Shop")
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        times = [now - timedelta(hours=hour, minutes=minute) for hour in range(1, 9 * 24) for minute in (10, 40)]
        peak = now - timedelta(hours=5)
        rows = [{"query": "q", "model": "m", "asked_at": at.isoformat()} for at in times]
        rows += [
            {
                "query": "q",
                "model": "m",
                "asked_at": (peak + timedelta(minutes=n)).isoformat(),
                **({"status": "error"} if n < 10 else {}),
            }
            for n in range(40)
        ]
        for first in range(0, len(rows), 400):
            send_to(project, "interactions", *rows[first : first + 400])
        roll_up(now=timezone.now())
        with django_db_blocker.block():  # until a test asks for it
            yield project, peak


@pytest.fixture
def shop(db, nine_days):
    return nine_days[0]


@pytest.fixture
def days(nine_days):
    """The hour of the peak."""
    return nine_days[1]


def test_a_peak_is_marked_and_the_rest_is_not(days, shop):
    found = strip(shop, since=days - timedelta(days=1), until=days + timedelta(hours=4))
    odd = [row for row in found.chart.rows if "than usual" in row["said"]]
    assert (found.total, found.errors) == (28 * 2 + 40, 10)
    assert odd
    assert all(days.timestamp() * 1000 <= row["t"] < (days + timedelta(hours=1)).timestamp() * 1000 for row in odd)
    assert "7 days before" in found.rule


def test_each_column_leads_to_its_rows(days, shop, admin_client):
    found = strip(shop, since=days - timedelta(hours=3), until=days + timedelta(hours=1))
    row = next(row for row in found.chart.rows if row["said"] != "nothing was received")
    text = admin_client.get(f"{LIST}?project=shop&{row['drill']}").content.decode()
    assert len(re.findall('class="cover"', text)) == int(row["said"].split()[0]) + int(row["said"].split(", ")[1].split()[0])


def test_the_strip_follows_model_and_environment_and_says_what_it_does_not(days, shop, send):
    send(shop, "interactions", {"query": "other", "model": "m2", "environment": "e2"})
    roll_up(now=timezone.now())
    since = timezone.now() - timedelta(days=1)
    assert strip(shop, since=since, model="m2").total == 1
    assert strip(shop, since=since, environment="e2").total == 1
    assert strip(shop, since=since, status="error").total == 10
    found = strip(shop, since=since, model="m2", q="other", tag="x")
    assert found.not_followed == ["q", "tag"]


def test_what_the_columns_do_not_follow_marks_none(days, shop, admin_client):
    since = days - timedelta(days=1)
    assert strip(shop, since=since).unusual
    found = strip(shop, since=since, q="nothing has this")
    assert found.unusual == 0
    assert not any("than usual" in row["said"] for row in found.chart.rows)
    text = admin_client.get(LIST, {"project": "shop", "q": "nothing has this"}).content.decode()
    assert "Nothing is marked" in text
    assert "unusual</span>" not in text
