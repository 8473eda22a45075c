"""The origins of a project: written one a line, compared exactly, and no bad row opens or breaks anything."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from observatory.projects.models import Project
from observatory.projects.origins import allows, is_known

pytestmark = pytest.mark.django_db
OURS = "https://app.example.com"


@pytest.mark.parametrize(
    "stored", ["https://app.example.com", 7, {"https://app.example": 1}, None, [OURS + ":8443"], [7, None]]
)
def test_what_is_stored_wrong_names_no_origin(stored):
    project = Project.objects.create(slug="shop", name="Shop", allowed_origins=[] if stored is None else stored)
    for origin in (OURS, "https://app.example", "s"):
        assert not is_known(origin)
        assert not allows(project.pk, origin, own="http://127.0.0.1/")
    answer = Client().options("/api/metrics/client", HTTP_ORIGIN="https://app.example")
    assert answer.status_code == 204
    assert "Access-Control-Allow-Origin" not in answer


@pytest.mark.parametrize("listed", [[OURS], ["*"], ["https://else.example", OURS]])
def test_a_bad_row_does_not_hide_a_good_one(listed):
    Project.objects.create(slug="bad", name="Bad", allowed_origins=7)
    project = Project.objects.create(slug="shop", name="Shop", allowed_origins=listed)
    assert is_known(OURS)
    assert allows(project.pk, OURS, own="http://127.0.0.1/")


@pytest.mark.parametrize(
    "value",
    [
        7,
        OURS,
        {},
        [7],
        [OURS + "/"],
        [OURS + "/a"],
        ["app.example.com"],
        ["https://"],
        ["https://a b"],
        ["HTTPS://A"],
        ["null"],
    ],
)
def test_what_is_no_list_of_origins_is_refused(value):
    with pytest.raises(ValidationError):
        Project(slug="shop", name="Shop", allowed_origins=value or {"x": 1}).full_clean()


@pytest.mark.parametrize("value", [[], ["*"], [OURS, "http://localhost:5173", "http://[::1]:80", "capacitor://localhost"]])
def test_a_list_of_origins_is_good(value):
    Project(slug="shop", name="Shop", allowed_origins=value).full_clean()


def post(admin_client, text):
    counts = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    return admin_client.post(
        reverse("admin:projects_project_add"), {"slug": "z", "name": "Z", "allowed_origins": text, **counts}
    )


def test_the_form_takes_one_origin_a_line(admin_client):
    assert post(admin_client, f"{OURS}\r\nHTTP://LocalHost:5173\r\n\r\n").status_code == 302
    project = Project.objects.get()
    assert project.allowed_origins == [OURS, "http://localhost:5173"]
    page = admin_client.get(reverse("admin:projects_project_change", args=[project.pk])).content.decode()
    assert f"\n{OURS}\nhttp://localhost:5173</textarea>" in page


def test_the_form_may_be_left_empty(admin_client):
    assert post(admin_client, "").status_code == 302
    assert Project.objects.get().allowed_origins == []


@pytest.mark.parametrize("text", ["7", "https://app.example.com/path", '["https://app.example.com"]'])
def test_the_form_says_what_is_no_origin(admin_client, text):
    answer = post(admin_client, text)
    assert "Not an origin" in answer.content.decode()
    assert not Project.objects.exists()
