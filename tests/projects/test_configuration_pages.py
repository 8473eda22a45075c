"""The pages that configure: open for a superuser, closed for everyone else, free of anything the policy refuses."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse

from interactions.models import Price
from observatory.projects.models import Membership, Project
from tests.pages import inline_code

pytestmark = pytest.mark.django_db
SUPERUSERS_ONLY = (
    "projects_project",
    "interactions_price",
    "auth_user",
    "django_celery_beat_periodictask",
    "django_celery_beat_intervalschedule",
    "django_celery_beat_crontabschedule",
)

OWNERS_TOO = {"projects_project": {"changelist"}}


@pytest.fixture
def shop():
    return Project.objects.create(slug="shop", name="Shop <b>&")


@pytest.mark.parametrize("model", SUPERUSERS_ONLY)
def test_lists_and_forms_open_for_a_superuser(admin_client, shop, model):
    for page in ("changelist", "add"):
        answer = admin_client.get(reverse(f"admin:{model}_{page}"), {"project": "shop", "range": "24h"})
        assert answer.status_code == 200
        assert inline_code(answer.content.decode()) == []


@pytest.mark.parametrize("model", SUPERUSERS_ONLY)
def test_a_member_may_not_configure(client, shop, model):
    user = User.objects.create_user("mia", is_staff=True)
    Membership.objects.create(project=shop, user=user, role="owner")
    client.force_login(user)
    for page in {"changelist", "add"} - OWNERS_TOO.get(model, set()):
        assert client.get(reverse(f"admin:{model}_{page}")).status_code == 403


def test_every_registered_model_list_opens(admin_client, shop):
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert admin_client.get(reverse(name)).status_code == 200, name


def test_saved_rows_open_and_are_escaped(admin_client, shop):
    price = Price.objects.create(model="<script>alert(1)</script>", input="0.125", output="0.375")
    for name, row in (("projects_project", shop), ("interactions_price", price)):
        page = admin_client.get(reverse(f"admin:{name}_change", args=[row.pk]))
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
        assert "<b>&" not in page.content.decode()


def test_the_navigation_shows_a_member_only_what_opens(client, shop):
    user = User.objects.create_user("mia", is_staff=True)
    Membership.objects.create(project=shop, user=user, role="viewer")
    client.force_login(user)
    page = client.get("/admin/").content.decode()
    links = re.findall(r'class="nav-link" href="([^"]+)"', page)
    assert links
    assert not any("/auth/" in link or "/apikey/" in link for link in links)
    assert {client.get(link.replace("&amp;", "&")).status_code for link in links} == {200}


def test_the_choice_of_project_and_range_stays_in_every_link(admin_client, shop):
    Project.objects.create(slug="bank", name="Bank")
    page = admin_client.get("/admin/", {"project": "shop", "range": "7d"}).content.decode()
    links = re.findall(r'class="nav-link" href="([^"]+)"', page)
    assert all("project=shop&amp;range=7d" in link for link in links)


def test_a_new_account_may_log_in(admin_client, shop):
    page = admin_client.get("/admin/auth/user/add/").content.decode()
    assert "<h1>Add account</h1>" in page
    assert "May log in." in page
    assert "<h1>Accounts</h1>" in admin_client.get("/admin/auth/user/").content.decode()
    form = {"username": "mia", "password1": "long enough 7", "password2": "long enough 7"}
    form |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
    form |= {"memberships-0-project": shop.pk, "memberships-0-role": "viewer"}
    ticked = dict.fromkeys(re.findall(r'name="(is_\w+)"[^>]* checked', page), "on")
    admin_client.post("/admin/auth/user/add/", {**form, **ticked})
    mia = User.objects.get(username="mia")
    assert (mia.is_staff, mia.is_superuser, mia.check_password("long enough 7")) == (True, False, True)
    assert Membership.objects.get(user=mia).project == shop
