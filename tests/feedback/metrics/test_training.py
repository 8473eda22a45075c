"""The training buffer as gauges: measured by the schedule, nothing where there is nothing."""

import pytest

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
