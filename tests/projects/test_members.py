"""Owners set up their project and manage its members on its page; everybody else is refused."""

import pytest
from django.contrib.auth.models import User

from observatory.projects.models import Membership, Project
from observatory.projects.roles import Role

pytestmark = pytest.mark.django_db
PROJECTS = "/admin/projects/project/"


@pytest.fixture
def shop():
    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def owner(client, shop):
    return log_in(client, shop, Role.OWNER)


def log_in(client, project, role):
    user = User.objects.create_user("mia", is_staff=True)
    Membership.objects.create(project=project, user=user, role=role)
    client.force_login(user)
    return user


def page(project):
    return f"{PROJECTS}{project.pk}/change/"


def save(client, project, *rows, **changes):
    """Post the page with these rows of members, each a pair (name, role) or a membership's id with more."""
    kept = Membership.objects.filter(project=project).order_by("user__username")
    form = {"name": project.name, "slug": project.slug, "allowed_origins": "", "memberships-INITIAL_FORMS": kept.count()}
    form |= {"keys-TOTAL_FORMS": 0, "keys-INITIAL_FORMS": 0}
    for number, row in enumerate([*kept, *rows]):
        if isinstance(row, Membership):
            row = {"id": row.pk, "role": row.role, **changes.pop(row.user.username, {})}
        form |= {f"memberships-{number}-{name}": value for name, value in {"project": project.pk, **row}.items()}
    return client.post(page(project), {**form, "memberships-TOTAL_FORMS": kept.count() + len(rows), **changes})


def test_an_owner_adds_a_member_by_name(client, shop, owner):
    User.objects.create_user("ben")
    assert save(client, shop, {"user": "ben", "role": "editor"}).status_code == 302
    assert Membership.objects.get(user__username="ben").role == "editor"
    assert "ben" in client.get(page(shop)).content.decode()


def test_who_else_there_is_an_owner_is_not_shown(client, shop, owner):
    User.objects.create_user("stranger-of-the-bank")
    assert "stranger-of-the-bank" not in client.get(page(shop)).content.decode()
    answer = save(client, shop, {"user": "nobody-at-all", "role": "viewer"})
    assert "There is no user of this name" in answer.content.decode()


def test_an_owner_changes_a_role_and_takes_a_member_out(client, shop, owner):
    ben = User.objects.create_user("ben")
    Membership.objects.create(project=shop, user=ben, role=Role.VIEWER)
    assert save(client, shop, ben={"role": "owner"}).status_code == 302
    assert Membership.objects.get(user=ben).role == "owner"
    assert save(client, shop, ben={"DELETE": "on"}).status_code == 302
    assert not Membership.objects.filter(user=ben).exists()


def test_another_person_cannot_be_put_into_a_membership(client, shop, owner):
    User.objects.create_user("eve")
    save(client, shop, mia={"user": "eve"})
    assert [one.user for one in Membership.objects.filter(project=shop)] == [owner]


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"DELETE": "on"}])
def test_the_last_owner_stays(client, shop, owner, change):
    answer = save(client, shop, mia=change)
    assert "A project keeps an owner" in answer.content.decode()
    assert Membership.objects.get(user=owner).role == Role.OWNER


def test_a_member_is_added_once(client, shop, owner):
    answer = save(client, shop, {"user": "mia", "role": "viewer"})
    assert answer.status_code == 200
    assert Membership.objects.count() == 1


def test_an_owner_sets_retention_and_neither_the_slug_nor_the_hold(client, shop, owner):
    save(client, shop, name="Our shop", slug="taken", retention_days="7", is_held="on", hold_reason="x")
    shop.refresh_from_db()
    assert (shop.name, shop.slug, shop.retention_days, shop.is_held) == ("Our shop", "shop", 7, False)


def test_an_owner_sees_and_sets_up_the_own_projects_only(client, shop, owner):
    bank = Project.objects.create(slug="bank", name="Bank of others")
    Membership.objects.create(project=bank, user=owner, role=Role.EDITOR)
    assert "Bank of others" not in client.get(f"{PROJECTS}?project=shop").content.decode().split("<table")[1]
    assert client.get(page(bank)).status_code == client.get(f"{PROJECTS}987654321/change/").status_code == 404
    assert save(client, bank, name="Mine").status_code == 404
    bank.refresh_from_db()
    assert bank.name == "Bank of others"
    assert client.get(f"{PROJECTS}add/").status_code == 403


@pytest.mark.parametrize("role", [Role.VIEWER, Role.EDITOR])
def test_who_is_no_owner_is_refused(client, shop, role):
    log_in(client, shop, role)
    assert client.get(PROJECTS).status_code == client.get(page(shop)).status_code == 403
    assert save(client, shop, mia={"role": "owner"}).status_code == 403
    assert Membership.objects.get().role == role
