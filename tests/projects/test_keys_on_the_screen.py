"""API keys in the admin: made, shown once, revoked after a question, and only by who may."""

import re

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from observatory.projects.keys import create_key, find_access
from observatory.projects.models import ApiKey, Membership, Project

pytestmark = pytest.mark.django_db
KEYS = "/admin/projects/apikey/"


@pytest.fixture
def shop():
    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def bank():
    return Project.objects.create(slug="bank", name="Bank")


def member(client, project, role):
    user = User.objects.create_user("mia", is_staff=True)
    Membership.objects.create(project=project, user=user, role=role)
    client.force_login(user)


def add(client, project, **changes):
    form = {"project": project.pk, "name": "web", "scopes": ["ingest", "read"], "expires": "30", **changes}
    return client.post(f"{KEYS}add/", form)


def test_the_key_is_shown_once_and_stored_nowhere(admin_client, shop):
    page = add(admin_client, shop).content.decode()
    key = re.search(r"obs_[0-9a-z]{8}_[\w-]{43}", page).group()
    row = ApiKey.objects.get()
    assert find_access(key, now=timezone.now()).scopes == {"ingest", "read"}
    assert 29 <= (row.expires_at - timezone.now()).days <= 30
    for path in (KEYS, f"{KEYS}{row.pk}/change/", f"/admin/projects/project/{shop.pk}/change/"):
        later = admin_client.get(path).content.decode()
        assert row.prefix in later
        assert key not in later
    assert key not in str(list(admin_client.session.items()))


def test_the_list_is_of_the_chosen_project_and_its_moments_are_those_of_all_lists(admin_client, shop, bank):
    ours, theirs = (create_key(project=project, scopes=["ingest"])[0] for project in (shop, bank))
    for project, shown, hidden in ((shop, ours, theirs), (bank, theirs, ours)):
        text = admin_client.get(KEYS, {"project": project.slug}).content.decode()
        assert (shown.prefix in text, hidden.prefix in text) == (True, False)
    assert f'<time datetime="{ours.created_at.isoformat()}"' in admin_client.get(KEYS, {"project": "shop"}).content.decode()
    found = admin_client.get(KEYS, {"project": "shop", "q": theirs.prefix}).content.decode()
    assert f"/{theirs.pk}/change/" not in found
    assert "1 total" in found
    form = {"action": "revoke_keys", "_selected_action": theirs.pk, "post": "yes"}
    admin_client.post(f"{KEYS}?project=shop", form)
    assert ApiKey.objects.get(pk=theirs.pk).revoked_at is None
    shown = add(admin_client, bank).content.decode()
    assert f"{KEYS}?project=bank" in shown


def test_a_key_without_a_scope_is_refused(admin_client, shop):
    page = add(admin_client, shop, scopes=[])
    assert "This field is required" in page.content.decode()
    assert not ApiKey.objects.exists()


def test_a_key_is_revoked_from_its_own_page_whichever_project_was_looked_at_last(admin_client, shop, bank):
    row, key = create_key(project=shop, scopes=["ingest"])
    admin_client.get(KEYS, {"project": "bank"})
    page = admin_client.get(f"{KEYS}{row.pk}/change/").content.decode()
    form = {"action": "revoke_keys", "_selected_action": row.pk}
    asked = admin_client.post(re.search(r'id="revoke" method="post" action="([^"]+)"', page).group(1), form).content.decode()
    assert "Revoke 1 key?" in asked
    answered = admin_client.post(
        re.search(r'method="post" action="([^"]+apikey[^"]+)"', asked).group(1), {**form, "post": "yes"}
    )
    assert answered.status_code == 302
    assert find_access(key, now=timezone.now()) is None


def test_revoking_nothing_is_no_success(admin_client, shop, bank):
    row, key = create_key(project=shop, scopes=["ingest"])
    form = {"action": "revoke_keys", "_selected_action": row.pk, "post": "yes"}
    text = admin_client.post(f"{KEYS}?project=bank", form, follow=True).content.decode()
    assert ("No key was revoked" in text, "refused from now on" in text) == (True, False)
    assert find_access(key, now=timezone.now())


def test_revoking_asks_first_and_then_the_key_is_refused(admin_client, shop):
    row, key = create_key(project=shop, scopes=["ingest"])
    form = {"action": "revoke_keys", "_selected_action": row.pk}
    assert "Revoke 1 key?" in admin_client.post(KEYS, form).content.decode()
    assert find_access(key, now=timezone.now())
    admin_client.post(KEYS, {**form, "post": "yes"})
    assert find_access(key, now=timezone.now()) is None


def test_keys_can_neither_be_edited_nor_deleted(admin_client, shop):
    row, _ = create_key(project=shop, scopes=["ingest"])
    assert admin_client.post(f"{KEYS}{row.pk}/change/", {"name": "x", "scopes": ["manage"]}).status_code == 403
    assert admin_client.post(f"{KEYS}{row.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_viewer_sees_no_keys(client, shop):
    member(client, shop, "viewer")
    assert client.get(KEYS).status_code == 403
    assert add(client, shop).status_code == 403


def test_an_owner_manages_the_keys_of_the_own_project_only(client, shop, bank):
    member(client, shop, "owner")
    foreign, key = create_key(project=bank, scopes=["ingest"])
    assert foreign.prefix not in client.get(KEYS).content.decode()
    assert client.get(f"{KEYS}{foreign.pk}/change/").status_code == 404
    add(client, bank)
    client.post(KEYS, {"action": "revoke_keys", "_selected_action": foreign.pk, "post": "yes"})
    assert ApiKey.objects.filter(project=bank).count() == 1
    assert find_access(key, now=timezone.now())
    add(client, shop)
    assert ApiKey.objects.filter(project=shop).count() == 1
