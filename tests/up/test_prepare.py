"""`manage.py prepare` may run as often as one likes."""

import io
import re

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from observatory import schedule
from observatory.projects.keys import find_access, revoke
from observatory.projects.models import ApiKey
from observatory.up.static_files import collect_if_changed

pytestmark = pytest.mark.django_db
URL = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A folder with the static files, which take seconds to make and to compress."""
    folder = tmp_path_factory.mktemp("collected")
    made = settings.DATA_DIR / "vega"  # once a run
    made.mkdir(exist_ok=True)
    (folder / "vega").symlink_to(made)
    with override_settings(DATA_DIR=folder, STATIC_ROOT=folder / "static"):
        assert collect_if_changed()
    return folder


@pytest.fixture(autouse=True)
def data_folder(tmp_path, collected, settings):
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = collected / "static"
    (tmp_path / "vega").symlink_to(collected / "vega")


def prepare(*options):
    out, err = io.StringIO(), io.StringIO()
    call_command("prepare", *options, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def greeting():
    return prepare("--local", URL, "--no-demo")[0]


def key_in(text):
    return re.search(r"Bearer (\S+)'", text)[1]


def test_static_files_are_collected_once(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path / "static"
    assert (prepare()[1], prepare()[1]) == ("Collected static files\n", "")


def test_alone_it_makes_no_user_and_no_project():
    prepare()
    assert (User.objects.count(), ApiKey.objects.count()) == (0, 0)


def test_the_last_line_says_how_to_log_in():
    last = greeting().splitlines()[-1]
    password = re.fullmatch(rf"Observatory is ready: {URL}/admin/ \(user admin, password (\S+)\)", last)[1]
    assert User.objects.get(username="admin", is_superuser=True).check_password(password)


def test_a_second_time_the_same_password_and_key_are_printed():
    assert greeting() == greeting()


def test_a_password_that_was_changed_stays():
    greeting()
    user = User.objects.get(username="admin")
    user.set_password("their own")
    user.save()
    assert greeting().splitlines()[-1].endswith("(user admin, password as you changed it)")
    assert User.objects.get(username="admin").check_password("their own")


def test_the_printed_key_sends_reads_and_gives_feedback():
    access = find_access(key_in(greeting()), now=timezone.now())
    assert access.scopes == {"ingest", "feedback", "read"}


def test_a_revoked_key_is_replaced():
    first = key_in(greeting())
    revoke(ApiKey.objects.all(), now=timezone.now())
    assert key_in(greeting()) != first


def test_the_schedule_has_every_job():
    prepare()
    names = PeriodicTask.objects.filter(name__startswith=schedule.NAME_PREFIX).values_list("name", flat=True)
    assert set(names) == {schedule.NAME_PREFIX + job.name for job in schedule.JOBS}


def test_what_an_operator_changed_in_the_schedule_stays():
    prepare()
    row = PeriodicTask.objects.get(name=f"{schedule.NAME_PREFIX}digest")
    row.interval, row.enabled = IntervalSchedule.objects.create(every=7, period="seconds"), False
    row.save()
    prepare()
    row.refresh_from_db()
    assert (row.interval.every, row.enabled) == (7, False)


def test_a_job_that_is_gone_leaves_the_schedule():
    PeriodicTask.objects.create(
        name=f"{schedule.NAME_PREFIX}gone", task="gone", interval=IntervalSchedule.objects.create(every=1, period="days")
    )
    prepare()
    assert not PeriodicTask.objects.filter(task="gone").exists()
