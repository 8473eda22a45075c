"""The first page: never empty, and as many queries for many projects as for few."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from observatory.projects.models import Membership, Project
from observatory.projects.own import own_project

pytestmark = pytest.mark.django_db


def test_without_a_project_it_says_how_to_make_one(admin_client):
    assert "Create a project" in admin_client.get("/admin/").content.decode()


def test_the_project_of_observatory_itself_is_no_application(admin_client):
    own_project()
    page = admin_client.get("/admin/").content.decode()
    assert "No project yet" in page
    assert "Observatory itself" in page
    assert "waits for its first interaction" not in page


def test_an_empty_project_shows_a_snippet_that_fills_it(admin_client):
    Project.objects.create(slug="shop", name="Shop")
    page = admin_client.get("/admin/").content.decode()
    assert "curl http://testserver/api/v1/interactions" in page
    assert "/admin/projects/apikey/add/?project=shop" in page


def test_a_foreign_and_an_unknown_project_are_the_same_404(client):
    own, _ = (Project.objects.create(slug=slug, name=slug) for slug in ("shop", "bank"))
    user = User.objects.create_user("mia", is_staff=True)
    Membership.objects.create(project=own, user=user)
    client.force_login(user)
    pages = [client.get("/admin/", {"project": slug}) for slug in ("bank", "nowhere", "a\x00b")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1


def test_the_number_of_queries_does_not_grow_with_the_projects(admin_client):

    counts = []
    for number in (3, 30):
        Project.objects.bulk_create(Project(slug=f"p{number}-{i}", name=f"P {i}") for i in range(number))
        with CaptureQueriesContext(connection) as queries:
            assert admin_client.get("/admin/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
