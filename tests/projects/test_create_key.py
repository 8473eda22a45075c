"""`manage.py create_key`: what it prints, and what it refuses in one line."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from observatory.projects.keys import find_access
from observatory.projects.models import ApiKey, Project

pytestmark = pytest.mark.django_db


def test_prints_a_working_key_alone_on_standard_output(capsys):
    call_command("create_key", "shop", "--create-project", "--scope", "ingest", "--scope", "read")
    key = capsys.readouterr().out.strip()
    access = find_access(key, now=timezone.now())
    assert access.scopes == {"ingest", "read"}
    assert access.project_id == Project.objects.get(slug="shop").id


def test_key_expires_after_the_given_days(capsys):
    call_command("create_key", "shop", "--create-project", "--scope", "read", "--expires-days", "2")
    assert (ApiKey.objects.get().expires_at - timezone.now()).days in {1, 2}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "--scope", "read"], "--create-project"),
        (["a b", "--create-project", "--scope", "read"], "slug"),
        (["shop", "--create-project", "--scope", "read", "--expires-days", "0"], "1 to 3650"),
    ],
)
def test_refusals_are_one_line(arguments, said):
    with pytest.raises(CommandError, match=said) as refusal:
        call_command("create_key", *arguments)
    assert "\n" not in str(refusal.value)
    assert not ApiKey.objects.exists()
