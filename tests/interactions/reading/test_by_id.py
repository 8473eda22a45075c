"""An id is found by an index each of traces and of interactions, among any number of them."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from interactions.reading.by_id import named
from observatory.projects.models import Project

pytestmark = pytest.mark.django_db


def test_no_query_for_an_id_has_an_or_for_which_sqlite_takes_the_index_of_time():
    project = Project.objects.create(slug="shop")
    with CaptureQueriesContext(connection) as queries:
        assert named(project.pk, uuid4().hex) is None
    (asked,) = (one["sql"] for one in queries)
    assert "UNION ALL" in asked
    assert " OR " not in asked
