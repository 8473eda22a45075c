"""A project keeps an owner: neither does the account of the only one go, nor do the last two leave at once."""

import threading

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from observatory.projects.models import Membership, Project
from observatory.projects.owners import lock_members, projects_left_without, projects_of_owners
from observatory.projects.roles import Role

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/auth/user/"
REASON = "The project Shop &lt;1&gt; would have no owner: make somebody else an owner of it first."


@pytest.fixture
def shop():
    return Project.objects.create(slug="shop", name="Shop <1>")


@pytest.fixture
def owner(shop):
    return member(shop, "mia", Role.OWNER)


def member(project, name, role):
    user = User.objects.create_user(name, is_staff=True)
    Membership.objects.create(project=project, user=user, role=role)
    return user


def delete(client, *people):
    return client.post(PEOPLE, {"action": "delete_selected", "_selected_action": [one.pk for one in people], "post": "yes"})


def test_the_account_of_the_only_owner_stays(admin_client, shop, owner):
    member(shop, "ben", Role.EDITOR)
    for answer in (
        admin_client.get(f"{PEOPLE}{owner.pk}/delete/"),
        admin_client.post(f"{PEOPLE}{owner.pk}/delete/", {"post": "yes"}),
        delete(admin_client, owner),
    ):
        assert answer.status_code == 200
        assert REASON in answer.content.decode()
    assert User.objects.filter(pk=owner.pk).exists()


def test_all_owners_at_once_stay(admin_client, shop, owner):
    other = member(shop, "ben", Role.OWNER)
    assert REASON in delete(admin_client, owner, other).content.decode()
    assert User.objects.filter(pk__in=[owner.pk, other.pk]).count() == 2


def test_one_of_two_owners_and_who_owns_nothing_go(admin_client, shop, owner):
    other, viewer = member(shop, "ben", Role.OWNER), member(shop, "eve", Role.VIEWER)
    assert admin_client.post(f"{PEOPLE}{other.pk}/delete/", {"post": "yes"}).status_code == 302
    assert delete(admin_client, viewer).status_code == 302
    assert list(Membership.objects.values_list("user__username", flat=True)) == ["mia"]


def test_it_is_looked_at_once_more_when_the_account_goes(rf, shop, owner):
    from django.contrib import admin

    with pytest.raises(PermissionDenied, match="would have no owner"):
        admin.site.get_model_admin(User).delete_model(rf.post("/"), owner)
    assert User.objects.filter(pk=owner.pk).exists()


def test_a_project_that_has_no_owner_keeps_nobody(admin_client, shop):
    viewer = member(shop, "eve", Role.VIEWER)
    assert projects_left_without([viewer.pk]) == []


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"DELETE": "on"}, {"project": "other"}])
def test_the_only_owner_does_not_leave_by_the_page_of_the_account(admin_client, shop, owner, change):
    other = Project.objects.create(slug="other", name="Other")
    row = Membership.objects.get(user=owner)
    form = {"username": "mia", "is_active": "on", "is_staff": "on"}
    form |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1}
    form |= {"memberships-0-id": row.pk, "memberships-0-user": owner.pk}
    form |= {"memberships-0-project": shop.pk, "memberships-0-role": "owner"}
    wanted = form | {f"memberships-0-{name}": other.pk if value == "other" else value for name, value in change.items()}
    assert REASON in admin_client.post(f"{PEOPLE}{owner.pk}/change/", wanted).content.decode()
    assert Membership.objects.get().project == shop
    assert admin_client.post(f"{PEOPLE}{owner.pk}/change/", form).status_code == 302
    member(shop, "ben", Role.OWNER)
    assert admin_client.post(f"{PEOPLE}{owner.pk}/change/", wanted).status_code == 302


def test_a_role_that_another_changed_meanwhile_counts(client, shop, owner, monkeypatch):
    """The form was read while ben was an owner; he is none any more when the lock is held."""
    ben = member(shop, "ben", Role.OWNER)
    client.force_login(owner)

    def locked(projects):
        Membership.objects.filter(user=ben).update(role=Role.VIEWER)

    monkeypatch.setattr("observatory.projects.members.lock_members", locked)
    rows = list(Membership.objects.order_by("user__username"))
    form = {"name": shop.name, "slug": shop.slug, "allowed_origins": "", "keys-TOTAL_FORMS": 0, "keys-INITIAL_FORMS": 0}
    form |= {"memberships-TOTAL_FORMS": 2, "memberships-INITIAL_FORMS": 2}
    for number, row in enumerate(rows):
        form |= {f"memberships-{number}-id": row.pk, f"memberships-{number}-project": shop.pk}
        form |= {f"memberships-{number}-role": "owner" if row.user == ben else "viewer"}
    answer = client.post(f"/admin/projects/project/{shop.pk}/change/", form)
    assert "A project keeps an owner" in answer.content.decode()
    assert Membership.objects.get(user=owner).role == Role.OWNER


@pytest.mark.django_db(transaction=True)
def test_two_who_take_an_owner_out_pass_one_after_the_other(shop, owner):
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time
    passed, done = threading.Event(), []

    def other():
        try:
            with transaction.atomic():
                lock_members(projects_of_owners([owner.pk]))
                done.append(passed.is_set())
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        lock_members(Project.objects.filter(pk=shop.pk))
        thread.start()
        thread.join(0.3)
        assert done == []
        passed.set()
    thread.join(10)
    assert done == [True]
