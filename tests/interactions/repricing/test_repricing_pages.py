"""Re-pricing on the screen: who may ask and confirm, and what the pages say."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from interactions.models import Price, Repricing
from interactions.repricing.run import reprice_waiting
from observatory.projects.models import Membership, Project
from tests.interactions.repricing.week import START, total
from tests.pages import inline_code

pytestmark = pytest.mark.django_db(transaction=True)
ADD, LIST = "admin:interactions_repricing_add", "admin:interactions_repricing_changelist"


@pytest.fixture
def client_of(project):
    def made(role):
        user = User.objects.create_user(role, is_staff=True)
        if role != "stranger":
            Membership.objects.create(project=project, user=user, role=role)
        client = Client()
        client.force_login(user)
        return client

    return made


@pytest.fixture
def dearer(facts):
    Price.objects.filter(model="acme").update(input=12)


def typed(project, **more):
    return {"projects": [project.slug], "since": "2026-03-01T00:00", "until": "2026-03-08T00:00:00", **more}


def page_of(job, act="change"):
    return reverse(f"admin:interactions_repricing_{act}", args=[job.pk])


def test_an_owner_asks_confirms_and_reads_the_record(client_of, project, facts):
    Price.objects.filter(model="acme").update(input=12)
    owner, before = client_of("owner"), total(project)
    answer = owner.post(reverse(ADD), typed(project))
    job = Repricing.objects.get()
    assert answer.status_code == 302
    assert page_of(job) in answer.url
    assert "data-at-work" in owner.get(page_of(job)).content.decode()
    reprice_waiting()
    page = owner.get(page_of(job)).content.decode()
    assert "7 interactions would change: $76.50 becomes $90.50." in page
    assert inline_code(page) == []
    assert total(project) == before
    owner.post(page_of(job, "confirm"))
    reprice_waiting()
    page = owner.get(page_of(job)).content.decode()
    assert "user owner" in page
    assert "The rows as they were" in page
    assert total(project) == before + 14


@pytest.mark.parametrize(("role", "status"), [("viewer", 403), ("editor", 403), ("stranger", 404)])
def test_others_neither_confirm_nor_stop(client_of, project, dearer, ask, role, status):
    job, client = ask(), client_of(role)
    assert {client.post(page_of(job, act)).status_code for act in ("confirm", "stop")} == {status}
    job.refresh_from_db()
    assert job.status == Repricing.Status.READY


def test_a_viewer_reads_the_record_without_buttons(client_of, dearer, ask):
    page = client_of("viewer").get(page_of(ask())).content.decode()
    assert "An owner of the project may confirm it." in page
    assert "<button" not in page.split('id="repricing"')[1].split("</section>")[0]


def test_a_project_of_somebody_else_cannot_be_chosen(client_of, project):
    other = Project.objects.create(slug="bank", name="Bank")
    page = client_of("owner").post(reverse(ADD), typed(other))
    assert page.status_code == 200
    assert not Repricing.objects.exists()


def test_several_projects_have_a_record_each(admin_client, project):
    other = Project.objects.create(slug="bank", name="Bank")
    admin_client.post(reverse(ADD), {**typed(project), "projects": [project.slug, other.slug]})
    assert set(Repricing.objects.values_list("project__slug", flat=True)) == {"shop", "bank"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"since": "2026-03-09T00:00"}, "must begin before it ends"),
        ({"since": "yesterday"}, "Enter a valid date/time"),
        ({"projects": []}, "This field is required"),
        ({"projects": ["9" * 40]}, "not one of the available choices"),
        ({"projects": ["\x00"]}, "Null characters are not allowed"),
        ({"models": ["unseen"]}, "not one of the available choices"),
    ],
)
def test_a_request_that_cannot_be_is_refused_with_its_reason(admin_client, project, changes, error):
    page = admin_client.post(reverse(ADD), typed(project, **changes)).content.decode()
    assert error in page
    assert not Repricing.objects.exists()


def test_the_project_of_the_page_is_ticked(admin_client, project):
    assert 'value="shop" id="id_projects_0" checked' in admin_client.get(reverse(ADD), {"project": "shop"}).content.decode()


def test_a_model_that_no_store_takes_is_refused(admin_client, project):
    answer = admin_client.post(f"{reverse(ADD)}?project=shop&model=%00", typed(project, models=["\x00"]))
    assert "not one of the available choices" in answer.content.decode()
    assert not Repricing.objects.exists()


def test_what_was_deleted_is_said_on_the_form(admin_client, project):
    from observatory.metrics.horizons import move
    from observatory.metrics.models import Horizon

    move(project.id, "spans", Horizon.FACTS, int(START.timestamp()))
    assert "were deleted for their age" in admin_client.get(reverse(ADD), {"project": "shop"}).content.decode()


@pytest.mark.parametrize("status", ["done", "ready", "running"])
def test_the_list_has_a_constant_number_of_queries(client_of, project, status):
    client, counts = client_of("owner"), []
    client.get(reverse(LIST), {"project": "shop"})
    for number in (3, 80):
        Repricing.objects.bulk_create(
            Repricing(project=project, since=START, until=START, status=status, requested_by="mia") for _ in range(number)
        )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(LIST), {"project": "shop"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_empty_list_says_what_will_be_here(admin_client, project):
    assert "Nothing was priced anew yet" in admin_client.get(reverse(LIST), {"project": "shop"}).content.decode()


def test_the_command_counts_and_with_apply_changes(project, facts, capsys):
    Price.objects.filter(model="acme").update(input=12)
    before = total(project)
    call_command("reprice", project="shop", until="2026-03-08")
    assert "7 of 9 interactions would change: $76.50 -> $90.50" in capsys.readouterr().out
    assert total(project) == before
    call_command("reprice", project="shop", until="2026-03-08", apply=True)
    assert "7 of 9 interactions changed" in capsys.readouterr().out
    assert total(project) == before + 14


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"project": "none"}, "no project none"),
        ({"project": "shop", "since": "x"}, "--since"),
        ({"project": "shop", "since": "2999-01-01"}, "must begin"),
    ],
)
def test_the_command_says_what_is_wrong(project, options, reason):
    with pytest.raises(CommandError, match=reason):
        call_command("reprice", **options)
