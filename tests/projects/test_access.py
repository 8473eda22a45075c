"""Who sees which project."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from observatory.projects.access import current_project, may_here, projects_for
from observatory.projects.models import Membership, Project
from observatory.projects.own import own_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def projects():
    return [Project.objects.create(slug=slug, name=slug) for slug in ("bank", "shop")]


def member_of(project, role="viewer"):
    user = User.objects.create_user("mia", is_staff=True)
    Membership.objects.create(project=project, user=user, role=role)
    return user


def request_of(user, query=""):
    request = RequestFactory().get(f"/admin/{query}")
    request.user = user
    return request


def test_a_superuser_sees_all_and_a_member_those_of_the_membership(projects):
    boss = User.objects.create_superuser("boss")
    assert list(projects_for(boss)) == projects
    assert list(projects_for(member_of(projects[1]))) == [projects[1]]
    assert not projects_for(AnonymousUser()).exists()


def test_a_foreign_and_an_unknown_project_are_the_same_404(projects):
    mia = member_of(projects[1])
    answers = set()
    for slug in ("bank", "nowhere", "", "shop\x00"):
        with pytest.raises(Http404) as missing:
            current_project(request_of(mia, f"?project={slug}"))
        answers.add(str(missing.value))
    assert len(answers) == 1


def test_without_a_choice_the_first_project_is_current(projects):
    assert current_project(request_of(member_of(projects[1]))) == projects[1]
    assert current_project(request_of(User.objects.create_user("nobody"))) is None


def test_an_application_is_shown_before_observatory_itself():
    own = own_project()
    root = User.objects.create_superuser("root")
    assert current_project(request_of(root)) == own
    shop = Project.objects.create(slug="shop")
    assert current_project(request_of(root)) == shop


def test_a_page_reads_once_what_its_person_may(client, projects):
    client.force_login(member_of(projects[1], "editor"))
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/admin/interactions/interaction/sessions/?project=shop").status_code == 200
    assert len([one for one in queries if "projects_" in one["sql"]]) == 1


def test_a_project_that_a_request_makes_is_known_to_it():
    request = request_of(User.objects.create_superuser("root"))
    assert current_project(request) is None
    assert may_here(request, Project.objects.create(slug="new"), Membership.Role.OWNER)
