"""What a viewer, an editor and an owner may do: decided in one place, and refused the same everywhere."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import RequestFactory

from observatory.projects.access import chosen_project, may_here, may_somewhere
from observatory.projects.models import Membership, Project
from observatory.projects.roles import (
    RISING,
    Role,
    may,
    may_edit,
    may_own,
    projects_where,
    require,
    rights_in,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def bank():
    return Project.objects.create(slug="bank", name="Bank")


def member(project, role):
    user = User.objects.create_user(f"{role} of {project.slug}", is_staff=True)
    Membership.objects.create(project=project, user=user, role=role)
    return user


def request_of(user):
    request = RequestFactory().get("/admin/?project=shop")
    request.user = user
    return request


@pytest.mark.parametrize("held", RISING)
@pytest.mark.parametrize("needed", RISING)
def test_a_role_holds_what_those_below_it_hold_in_its_project_only(shop, bank, held, needed):
    user = member(shop, held)
    is_enough = RISING.index(held) >= RISING.index(needed)
    assert may(user, shop, needed) is is_enough
    assert list(projects_where(user, needed)) == [shop] * is_enough
    assert may_somewhere(request_of(user), needed) is is_enough
    assert may_here(request_of(user), shop, needed) is is_enough
    assert not may_here(request_of(user), bank, needed)
    assert not may(user, bank, needed)


def test_the_rights_in_a_template_are_the_same(shop, bank):
    for held in RISING:
        user = member(shop, held)
        rights = rights_in(user, shop)
        assert (rights.view, rights.edit, rights.own) == (True, may_edit(user, shop), may_own(user, shop))
        assert rights_in(user, bank) == rights_in(user, None) == rights_in(AnonymousUser(), shop)


def test_a_superuser_owns_every_project_and_who_left_none(shop):
    boss, left = User.objects.create_superuser("boss"), member(shop, Role.OWNER)
    left.is_active = False
    assert may_own(boss, shop)
    assert may_somewhere(request_of(boss), Role.OWNER)
    for person in (left, AnonymousUser()):
        assert not may(person, shop, Role.VIEWER)
        assert not may_somewhere(request_of(person), Role.VIEWER)


def test_too_little_is_forbidden_and_a_foreign_project_unknown(shop, bank):
    viewer = member(shop, Role.VIEWER)
    with pytest.raises(PermissionDenied, match="role editor"):
        require(viewer, shop, Role.EDITOR)
    with pytest.raises(Http404):
        require(viewer, bank, Role.VIEWER)
    request = request_of(viewer)
    assert chosen_project(request) == shop
    with pytest.raises(PermissionDenied):
        chosen_project(request, Role.OWNER)


def test_without_a_project_there_is_nothing_to_do(shop):
    request = RequestFactory().get("/admin/")
    request.user = User.objects.create_user("nobody")
    with pytest.raises(Http404):
        chosen_project(request)
