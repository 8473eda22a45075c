"""How large the database is, how fast it grows, and when it will be full."""

from datetime import UTC, datetime, timedelta

import pytest

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def sizes(db, monkeypatch):
    """`sizes(day, bytes)` notes the size of the database on a day."""
    from observatory.metrics import size

    def note(days_ago: int, size_bytes: int) -> None:
        monkeypatch.setattr(size, "database_bytes", lambda: size_bytes)
        size.sample(now=NOW - timedelta(days=days_ago))

    return note


def test_every_table_has_a_size_and_they_sum_up_to_the_file(db, store):
    from observatory.metrics.models import Series
    from observatory.metrics.size import database_bytes, table_sizes
    from observatory.projects.models import Project

    shop = Project.objects.create(slug="shop", name="Shop")
    Series.objects.bulk_create(
        Series(project=shop, metric=f"m{number}", labels=["x" * 100], labels_key=str(number)) for number in range(2_000)
    )
    found = table_sizes()
    assert {"metrics_series", "interactions_span", "projects_project"} <= set(found)
    if store == "sqlite":
        assert found["metrics_series"].rows == 2_000
        assert sum(one.size_bytes for one in found.values()) == pytest.approx(database_bytes(), rel=0.01)
    assert found["metrics_series"].size_bytes > 200_000


def test_growth_gives_the_days_that_are_left(sizes):
    from observatory.metrics.size import forecast

    sizes(10, 1_000)
    sizes(0, 3_000)
    found = forecast(now=NOW, limit_bytes=5_000)
    assert (found.bytes_a_day, found.room_bytes, found.days_left) == (200, 2_000, 10)


def test_without_history_or_growth_there_is_a_reason_instead(sizes):
    from observatory.metrics.size import forecast

    sizes(0, 3_000)
    assert forecast(now=NOW).reason == "Growth is known after the first day."
    sizes(2, 4_000)
    sizes(0, 3_000)
    assert forecast(now=NOW).reason == "It does not grow."


def test_a_day_has_one_sample_and_old_days_none(sizes):
    from observatory.metrics.models import SizeSample

    sizes(100, 1)
    sizes(0, 5)
    sizes(0, 7)
    assert list(SizeSample.objects.filter(table="").values_list("size_bytes", flat=True)) == [7]


def test_the_command_shows_tables_growth_and_room(sizes):
    from io import StringIO

    from django.core.management import call_command

    out = StringIO()
    call_command("check_store", stdout=out)
    assert "Largest tables" in out.getvalue()
    assert "Growth is known after the first day." in out.getvalue()
