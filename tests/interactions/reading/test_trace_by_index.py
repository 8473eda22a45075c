"""A trace is found by its own index among any number of interactions and events."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.reading.trace import find_trace
from observatory.projects.models import Project

pytestmark = pytest.mark.django_db
BY_TIME = ('ORDER BY "interactions_interaction"."asked_at"', 'ORDER BY "interactions_event"."occurred_at"')


def test_no_query_for_a_trace_asks_for_the_order_that_another_index_has():
    project = Project.objects.create(slug="shop")
    with CaptureQueriesContext(connection) as queries:
        find_trace(project.pk, "t")
    asked = [one["sql"] for one in queries]
    assert any("interactions_interaction" in sql for sql in asked)
    assert not [sql for sql in asked if any(order in sql for order in BY_TIME)]
