"""Saved views: kept by name, shared by editors, and nobody else's."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from interactions.erasure.requests import request_erasure
from interactions.erasure.run import erase_waiting
from interactions.models import SavedView
from observatory.projects.models import Membership

LIST = "/admin/interactions/interaction/"
SAVE = f"{LIST}views/"


@pytest.fixture
def person(shop, client_of):
    """`person(role)`: a client of a member of the shop."""
    return lambda role, project=shop: client_of(role, project)


@pytest.fixture
def client_of():
    from django.test import Client

    def make(role, project):
        user = User.objects.create_user(f"{role}-{User.objects.count()}", is_staff=True)
        Membership.objects.create(project=project, user=user, role=role)
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture(autouse=True)
def rows(shop, send):
    send(shop, "interactions", {"query": "q", "model": "m"})


def save(client, name="Failures", query="status=error&range=24h", project="shop", **more):
    return client.post(SAVE, {"project": project, "name": name, "query": query, **more}, follow=True)


def test_a_view_is_a_tab_that_opens_its_filters(person):
    viewer = person("viewer")
    text = save(viewer, query="?range=24h&status=error&cursor=x&project=bank&foo=1&model=").content.decode()
    assert "The view “Failures” is saved." in text
    assert 'href="/admin/interactions/interaction/?project=shop&amp;range=24h&amp;status=error" aria-current="true"' in text
    assert "Failures" in viewer.get(LIST, {"project": "shop"}).content.decode()


def test_a_view_is_ones_own_unless_it_is_shared(person):
    viewer, editor = person("viewer"), person("editor")
    save(editor, name="Mine")
    save(editor, name="Ours", is_shared="1")
    text = viewer.get(LIST, {"project": "shop"}).content.decode()
    assert ("Mine" in text, "Ours" in text) == (False, True)


def test_only_an_editor_shares_and_changes_what_is_shared(person):
    viewer, editor, other = person("viewer"), person("editor"), person("editor")
    assert save(viewer, is_shared="1").status_code == 403
    save(editor, name="Ours", is_shared="1")
    url = f"{SAVE}{SavedView.objects.get().pk}/"
    assert viewer.post(url, {"action": "delete"}).status_code == 403
    assert other.post(url, {"name": "All of ours"}).status_code == 302
    assert SavedView.objects.get().name == "All of ours"
    other.post(url, {"action": "delete"})
    assert not SavedView.objects.exists()


def test_a_view_of_somebody_else_does_not_exist(person, bank, client_of):
    owner, stranger = person("owner"), client_of("owner", bank)
    save(person("viewer"))
    url = f"{SAVE}{SavedView.objects.get().pk}/"
    for client in (owner, stranger):
        found, unknown = (client.post(path, {"action": "delete"}) for path in (url, f"{SAVE}999999/"))
        assert (found.status_code, found.content) == (404, unknown.content)
    assert save(stranger).status_code == 404
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "query", "reason"),
    [
        ("", "status=error", "needs a name"),
        ("\x00 ", "status=error", "needs a name"),
        ("Bad", "status=broken", "status cannot be understood"),
        ("Bad", "q=a%00b", "q cannot be understood"),
        ("Bad", "since=yesterday", "since cannot be understood"),
        ("Bad", "&".join(f"a{n}=1" for n in range(200)), "cannot be understood"),
        ("Failures", "model=x", "already"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(person, name, query, reason):
    viewer = person("viewer")
    save(viewer)
    assert reason in save(viewer, name=name, query=query).content.decode()
    assert SavedView.objects.count() == 1


def test_names_are_escaped_and_the_number_of_views_is_limited(person, monkeypatch):
    monkeypatch.setattr("interactions.saved_views.MOST_OF_ONE_PERSON", 1)
    viewer = person("viewer")
    text = save(viewer, name="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in text
    assert "1 views of one person are the most" in save(viewer, name="b").content.decode()


def test_a_view_is_changed_by_post_only(person):
    viewer = person("viewer")
    save(viewer)
    assert viewer.get(SAVE).status_code == viewer.get(f"{SAVE}{SavedView.objects.get().pk}/").status_code == 405


def test_a_view_of_somebody_who_is_to_be_forgotten_goes(person, shop):
    viewer = person("viewer")
    save(viewer, name="One user", query="user_id=nora+%26+co&status=ok")
    save(viewer, name="Searched", query="q=nora+%26+co")
    save(viewer, name="Another", query="user_id=nora")
    erasure = request_erasure(project=shop, kind="user", subject="nora & co", by="test", now=timezone.now())
    erase_waiting(now=timezone.now())
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Another"]
    erasure.refresh_from_db()
    assert erasure.counts["saved views"] == 2


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("Refunds", "q=Nora%40example.com+refund"),
        ("For  nora@example.com", "status=error"),
        ("Tagged", "tag=customer_nora%40example.com"),
    ],
)
def test_a_view_that_mentions_who_is_to_be_forgotten_goes(person, shop, name, query):
    viewer = person("viewer")
    save(viewer, name=name, query=query)
    save(viewer, name="Another", query="q=eleanora%40example.com&user_id=nora")
    request_erasure(project=shop, kind="user", subject="nora@example.com", by="test", now=timezone.now())
    erase_waiting(now=timezone.now())
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Another"]


def test_a_view_that_went_meanwhile_does_not_come_back(person, monkeypatch):
    from interactions.admin import saved_views

    viewer, rename = person("viewer"), saved_views.rename_view
    save(viewer)
    view = SavedView.objects.get()

    def late(*args, **kwargs):
        SavedView.objects.all().delete()
        return rename(*args, **kwargs)

    monkeypatch.setattr(saved_views, "rename_view", late)
    assert viewer.post(f"{SAVE}{view.pk}/", {"name": "New"}).status_code == 404
    assert not SavedView.objects.exists()


def test_private_views_go_with_the_account_and_shared_ones_stay(person):
    editor = person("editor")
    save(editor, name="Mine")
    save(editor, name="Ours", is_shared="1")
    User.objects.get(username__startswith="editor").delete()
    assert list(SavedView.objects.values_list("name", "owner")) == [("Ours", None)]
    assert "Ours" in person("viewer").get(LIST, {"project": "shop"}).content.decode()
