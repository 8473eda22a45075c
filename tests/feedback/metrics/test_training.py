"""The training buffer as gauges, measured by the schedule, and as its page shows it among many verdicts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.feedback.metrics.conftest import NOW

pytestmark = pytest.mark.django_db


def test_size_and_quality_are_measured_of_projects_that_have_a_buffer(shop, score):
    from feedback.training.gauges import measure_everywhere
    from interactions.models import Interaction
    from observatory.metrics.models import Sample

    assert measure_everywhere(now=NOW) == 0
    for rating in (5, 3):
        row = Interaction.objects.create(
            project=shop, asked_at=NOW, trace_id=f"{rating:032x}", query_preview="How?", answer_preview="So."
        )
        score("USER", "rating", rating, interaction_id=row.interaction_id)
    assert measure_everywhere(now=NOW) == 1
    values = dict(Sample.objects.filter(project=shop).values_list("metric", "value"))
    assert values == {"feedback.training_buffer_size": 2, "feedback.training_buffer_quality": 0.75}


@pytest.fixture
def rated(shop, score):
    """`rated(5, 3)` stores an answer for each rating, the last one the newest."""
    from interactions.models import Interaction

    def make(*ratings, query="How?"):
        for place, rating in enumerate(ratings):
            number = Interaction.objects.count() + 1
            row = Interaction.objects.create(
                project=shop, asked_at=NOW, trace_id=f"{number:032x}", query_preview=query, answer_preview="So."
            )
            score("USER", "rating", rating, interaction_id=row.interaction_id, minutes_ago=10 - place / 60)

    return make


def test_beyond_what_a_page_looks_at_it_shows_what_was_counted_last_and_the_newest_ratings(shop, rated, monkeypatch):
    from feedback.training import glance
    from feedback.training.gauges import measure_everywhere
    from observatory.metrics.rollup.run import roll_up

    rated(1, 1, 5, 3, 5, 3)
    assert glance.glance(shop.id, now=NOW) == glance.Glance(6, 6, 0.5)
    monkeypatch.setattr(glance, "LOOKED", 4)
    seen = glance.glance(shop.id, now=NOW)
    assert (seen.size, seen.rated, seen.quality, seen.is_least) == (4, 4, 0.75, True)
    measure_everywhere(now=NOW)
    roll_up(now=NOW + timedelta(minutes=1))
    seen = glance.glance(shop.id, now=NOW + timedelta(minutes=2))
    assert (seen.size, seen.quality, seen.is_least, seen.measured_at) == (6, 0.75, False, NOW)
    assert glance.glance(shop.id, now=NOW + timedelta(hours=2)).is_least


def test_a_page_takes_as_many_statements_and_rows_whatever_was_said(shop, rated, monkeypatch):
    from feedback.training import glance

    monkeypatch.setattr(glance, "LOOKED", 2)

    def cost():
        with CaptureQueriesContext(connection) as caught:
            seen = glance.glance(shop.id, now=NOW)
        return len(caught), seen.size, seen.rated

    rated(1, 2, 3)
    few = cost()
    rated(*[4] * 60)
    assert cost() == few == (few[0], 2, 2)
