"""Owners connect a judge. Its key goes in and never comes out; its address never leads into this server's network."""

import logging
import socket
from dataclasses import replace

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from feedback.judges import disconnect
from feedback.models import Judge, JudgeDay
from feedback.quality.judge.addresses import why_refused
from feedback.quality.judge.open import endpoint_of
from feedback.sealing import unseal
from observatory.projects.models import Membership
from tests.feedback.judge.conftest import KEY

pytestmark = pytest.mark.django_db
PAGE = "/admin/feedback/judge/?project={}"


@pytest.fixture
def owner(project, django_user_model):
    user = django_user_model.objects.create_user("olga", password="x", is_staff=True)
    Membership.objects.create(user=user, project=project, role=Membership.Role.OWNER)
    return signed_in(user)


@pytest.fixture
def root(django_user_model):
    return signed_in(django_user_model.objects.create_superuser("root", password="x"))


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def fields(**changes):
    return {"base_url": "https://1.1.1.1/v1", "model": "m", "max_concurrent": 4, "timeout_s": 60, **changes}


def send(client, project, **changes):
    return client.post(PAGE.format(project.slug), fields(**changes))


def test_a_key_is_kept_sealed_and_is_nowhere_to_be_read(owner, project, caplog):
    caplog.set_level(logging.DEBUG)
    assert send(owner, project, key=KEY, base_url="https://1.1.1.1/v1/chat/completions/").status_code == 302
    judge = Judge.objects.get()
    assert (judge.base_url, unseal(judge.sealed_key), judge.changed_by) == ("https://1.1.1.1/v1", KEY, "olga")
    page = owner.get(PAGE.format(project.slug)).content.decode()
    assert "a key is kept" in page
    wrong = send(owner, project, key=f"{KEY} with a space", max_concurrent=0).content.decode()
    everything = page + wrong + caplog.text + repr(endpoint_of(judge)) + str(judge)
    everything += "".join(map(str, LogEntry.objects.values_list("change_message", "object_repr")))
    assert KEY not in everything
    assert judge.sealed_key not in everything
    assert KEY not in judge.sealed_key


def test_the_key_stays_until_it_is_removed_or_the_address_changes(owner, project):
    send(owner, project, key=KEY)
    send(owner, project, model="other")
    assert Judge.objects.get().sealed_key
    send(owner, project, removes_key="on")
    assert not Judge.objects.get().sealed_key
    send(owner, project, key=KEY)
    send(owner, project, base_url="https://1.0.0.1/v1")
    assert not Judge.objects.get().sealed_key
    send(owner, project, base_url="https://1.1.1.1/v1", key=KEY)
    assert owner.post(f"/admin/feedback/judge/disconnect/?project={project.slug}").status_code == 302
    assert not Judge.objects.exists()


def test_a_key_that_was_forgotten_meanwhile_does_not_come_back(owner, project, monkeypatch):
    send(owner, project, key=KEY)
    monkeypatch.setattr("feedback.judges.check_reach", lambda *args, **more: disconnect(project))
    assert send(owner, project, model="other").status_code == 302
    assert (Judge.objects.get().model, Judge.objects.get().sealed_key) == ("other", "")


def test_a_key_that_was_sealed_with_another_secret_is_asked_for_again(owner, project, settings):
    send(owner, project, key=KEY)
    settings.SECRET_KEY = "another" * 10
    owner.force_login(Membership.objects.get().user)  # sessions are signed with it
    page = owner.post(f"/admin/feedback/judge/test/?project={project.slug}", follow=True).content.decode()
    assert "enter it again" in page


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"base_url": "ftp://1.1.1.1"}, "begins with https:// or http://"),
        ({"base_url": "https://me:pw@1.1.1.1/v1"}, "the key has a field of its own"),
        ({"base_url": "https://[::1"}, "This is no address"),
        ({"base_url": "https://1.1.1.1:99999/v1"}, "This is no address"),
        ({"base_url": "http://1.1.1.1/v1", "may_be_private": "on"}, "use https://"),
        ({"base_url": "https://127.0.0.1:11434/v1"}, "which a superuser has to allow"),
        ({"base_url": "https://10.1.2.3/v1", "may_be_private": "on"}, "which a superuser has to allow"),
        ({"base_url": "https://localhost/v1"}, "which a superuser has to allow"),
        ({"model": " "}, "This field is required"),
        ({"input_price": "1"}, "Give both prices"),
        ({"daily_usd": "1"}, "A limit in USD needs both prices"),
        ({"temperature": "nan"}, "Enter a number"),
        ({"daily_calls": "-1"}, "greater than or equal to 0"),
        ({"key": "schlüssel"}, "plain characters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(owner, project, changes, reason):
    page = send(owner, project, **changes)
    assert page.status_code == 200
    assert reason in page.content.decode()
    assert not Judge.objects.exists()


def test_only_a_superuser_allows_a_private_address_and_only_that_one(owner, root, project):
    assert "may_be_private" not in owner.get(PAGE.format(project.slug)).content.decode()
    assert send(root, project, base_url="http://127.0.0.1:11434/v1", may_be_private="on").status_code == 302
    assert send(owner, project, base_url="http://127.0.0.1:11434/v1", model="other").status_code == 302
    assert "has to allow" in send(owner, project, base_url="https://127.0.0.1:5432/v1").content.decode()
    judge = Judge.objects.get()
    assert (judge.base_url, judge.model, judge.may_be_private) == ("http://127.0.0.1:11434/v1", "other", True)
    assert (
        "no address of a judge"
        in send(root, project, base_url="https://169.254.169.254", may_be_private="on").content.decode()
    )


def test_owners_alone_have_the_page(project, django_user_model):
    for role, status in ((Membership.Role.VIEWER, 403), (Membership.Role.EDITOR, 403), (None, 404)):
        user = django_user_model.objects.create_user(f"u{status}{role}", password="x", is_staff=True)
        if role:
            Membership.objects.create(user=user, project=project, role=role)
        client = signed_in(user)
        assert client.get(PAGE.format(project.slug)).status_code == status
        assert send(client, project).status_code == status
        for act in ("test", "disconnect"):
            assert client.post(f"/admin/feedback/judge/{act}/?project={project.slug}").status_code == status
    assert not Judge.objects.exists()


@pytest.mark.one_store
def test_the_judge_is_tested_with_one_call_that_counts(root, project, fake):
    send(root, project, base_url=fake.url, may_be_private="on", key=KEY, input_price=1, output_price=2)
    test = f"/admin/feedback/judge/test/?project={project.slug}"
    assert "It answered as asked" in root.post(test, follow=True).content.decode()
    assert (fake.keys, JudgeDay.objects.get().calls) == ([f"Bearer {KEY}"], 1)
    fake.reply = lambda prompt: "I am ready!"
    assert "not one JSON object" in root.post(test, follow=True).content.decode()
    fake.reply = None
    Judge.objects.update(model="unauthorized")
    page = root.post(test, follow=True).content.decode()
    assert "The endpoint answered 401" in page
    assert "sk-te" not in page
    Judge.objects.update(model="not-found")
    assert "It said: The model does not exist" in root.post(test, follow=True).content.decode()
    Judge.objects.update(daily_calls=4)
    assert "calls of today are spent" in root.post(test, follow=True).content.decode()


@pytest.mark.one_store
def test_a_name_that_leads_elsewhere_after_it_was_saved_is_not_followed(ask, monkeypatch):
    """DNS rebinding: what was public when the judge was connected leads into the network when it is asked."""
    from feedback.quality.catalogue import evaluator
    from feedback.quality.run import judged
    from tests.feedback.judge.asked import request

    judge = ask(may_be_private=False)
    (result,) = judged(evaluator("judge.quality"), [request()], judge)
    assert "127.0.0.1 is refused" in result.reason
    assert not result.is_worth_retrying
    mixed = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 443)) for host in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: mixed)
    judge.endpoint = replace(judge.endpoint, base_url="https://judge.example/v1")
    assert "10.0.0.1" in judged(evaluator("judge.quality"), [request()], judge)[0].reason


@pytest.mark.one_store
def test_a_private_name_that_becomes_public_is_not_asked_without_tls(ask, monkeypatch):
    from feedback.quality.catalogue import evaluator
    from feedback.quality.run import judged
    from tests.feedback.judge.asked import request

    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **kwargs: public)
    (result,) = judged(evaluator("judge.quality"), [request()], ask())
    assert "over http:// anybody on the way to 1.1.1.1 reads the key" in result.reason


@pytest.mark.one_store
@pytest.mark.parametrize(
    "address, is_public, is_possible",
    [
        ("93.184.216.34", True, True),
        ("2606:2800:220:1::1", True, True),
        ("127.0.0.1", False, True),
        ("10.0.0.1", False, True),
        ("100.64.0.1", False, True),
        ("fe80::1%eth0", False, True),
        ("::ffff:192.168.0.1", False, True),
        ("64:ff9b::7f00:1", False, True),
        ("::7f00:1", False, True),
        ("::1", False, True),
        ("::a9fe:a9fe", False, False),
        ("2002:7f00:1::", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
    ],
)
def test_addresses(address, is_public, is_possible):
    assert (why_refused(address, may_be_private=False, is_plain=False) == "") == is_public
    assert (why_refused(address, may_be_private=True, is_plain=False) == "") == is_possible
    assert (why_refused(address, may_be_private=True, is_plain=True) == "") == (is_possible and not is_public)
