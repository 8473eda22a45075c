"""A page that names no project opens the one last looked at, if it is still one's own."""

import pytest
from django.contrib.auth.models import User

from observatory.projects.access import LAST_PROJECT
from observatory.projects.models import Membership, Project

pytestmark = pytest.mark.django_db
LIST = "/admin/interactions/interaction/"


@pytest.fixture
def member(client):
    user = User.objects.create_user("mia", is_staff=True)
    for slug in ("first", "second", "foreign"):
        project = Project.objects.create(slug=slug, name=slug.title())
        if slug != "foreign":
            Membership.objects.create(project=project, user=user, role="viewer")
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("cookie", "name"),
    [
        (None, "First"),
        ("second", "Second"),
        ("foreign", "First"),
        ("nowhere", "First"),
        ("a\\000b", "First"),
        ("x" * 5000, "First"),
        ('"', "First"),
    ],
)
def test_the_last_project_is_opened(member, cookie, name):
    if cookie is not None:
        member.cookies[LAST_PROJECT] = cookie
    answer = member.get(LIST)
    assert (answer.status_code, answer.context["project"].name) == (200, name)


def test_the_address_goes_before_what_is_remembered(member):
    member.cookies[LAST_PROJECT] = "second"
    assert member.get(LIST, {"project": "first"}).context["project"].name == "First"
    assert member.get(LIST, {"project": "foreign"}).status_code == 404
