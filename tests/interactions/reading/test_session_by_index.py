"""A session is found by its index among any number of interactions: both engines need the index's condition in the query."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interactions.reading.session_turns import session_page
from interactions.reading.sessions import find_session
from observatory.projects.models import Project

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "read",
    [
        lambda project_id: find_session(project_id, "s1"),
        lambda project_id: session_page(project_id, "s1", page=1, now=timezone.now()),
    ],
)
def test_every_query_for_a_session_repeats_the_condition_of_the_index(read):
    project = Project.objects.create(slug="shop")
    with CaptureQueriesContext(connection) as queries:
        read(project.pk)
    asked = [one["sql"] for one in queries if "\"session_id\" = 's1'" in one["sql"]]
    assert asked
    assert all("\"session_id\" = '')" in sql for sql in asked if "interactions_interaction" in sql)
