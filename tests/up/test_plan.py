"""What `up` starts depends on what is there already."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from observatory.up.plan import Wish, make_plan
from observatory.up.valkey import free_port

TAKEN = "port {port}: Address already in use"


@pytest.fixture
def plan(tmp_path, monkeypatch):
    for name in ("OBSERVATORY_DATABASE_URL", "OBSERVATORY_BROKER_URL"):
        monkeypatch.delenv(name, raising=False)
    return lambda host="127.0.0.1": make_plan(
        Wish(host, 8000, tmp_path, tmp_path, full=False, demo=True), allowed_hosts=["127.0.0.1", "example.com"]
    )


def names(plan):
    return [[service["name"] for service in stage] for stage in plan.stages]


def test_by_default_valkey_comes_first_and_web_and_worker_last(plan):
    assert names(plan()) == [["valkey"], ["prepare"], ["web", "worker"]]


def test_a_broker_that_the_environment_names_is_used(plan, monkeypatch):
    monkeypatch.setenv("OBSERVATORY_BROKER_URL", "redis://elsewhere/0")
    made = plan()
    assert names(made) == [["prepare"], ["web", "worker"]]
    assert made.environment["OBSERVATORY_BROKER_URL"] == "redis://elsewhere/0"


def test_the_own_host_is_answered_besides_the_allowed_ones(plan):
    assert plan("192.0.2.1").environment["OBSERVATORY_ALLOWED_HOSTS"] == "127.0.0.1,example.com,192.0.2.1"


def test_no_secret_stands_in_an_argument_list(plan):
    made = plan()
    password = made.environment["OBSERVATORY_BROKER_URL"].partition("@")[0].rpartition(":")[2]
    arguments = [argument for stage in made.stages for service in stage for argument in service["argv"]]
    assert not any(password in argument for argument in arguments)


def test_a_folder_that_is_named_when_settings_were_read_is_refused(tmp_path):
    with pytest.raises(CommandError, match="--data comes too late"):
        call_command("up", data=str(tmp_path / "data"))
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("setting", "value", "reason"),
    [
        ("", "", TAKEN),
        ("OBSERVATORY_METRICS_PORT", "{port}", TAKEN),
        ("OBSERVATORY_HTTPS", "maybe", "Observatory cannot start: OBSERVATORY_HTTPS"),
    ],
)
def test_what_cannot_start_leaves_no_folder(tmp_path, setting, value, reason):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        environment = {name: text for name, text in os.environ.items() if not name.startswith("OBSERVATORY_")}
        environment |= {setting: value.format(port=taken)} if setting else {}
        argv = [sys.executable, str(settings.BASE_DIR / "manage.py"), "up", "--data", str(tmp_path / "data")]
        argv += ["--port", str(free_port()) if setting else taken]
        ended = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=30)
    assert (ended.returncode, len(ended.stderr.splitlines())) == (1, 1)
    assert reason.format(port=taken) in ended.stderr
    assert not (tmp_path / "data").exists()
