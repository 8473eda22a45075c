"""The worker of `up` has beat inside, and digests without a broker."""

import os
import socket
import subprocess
import sys
import time
from urllib.parse import quote

import pytest
from celery import current_app
from celery.utils.imports import symbol_by_name
from django.conf import settings
from django.db import connection
from django.test import Client
from django_celery_beat.schedulers import DatabaseScheduler

from interactions.models import Interaction, StaleTrace
from observatory.projects.keys import create_key
from observatory.projects.models import Project
from observatory.up.valkey import free_port
from observatory.up.worker import BeatThread


class Worker:
    app = current_app


def test_beat_reads_the_schedule_that_the_admin_edits():
    assert symbol_by_name(BeatThread(Worker).service.scheduler_cls) is DatabaseScheduler


@pytest.mark.crash
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("broker", ["refusing", "silent"])
def test_facts_are_digested_while_the_broker_is_away(broker):
    key = create_key(project=Project.objects.create(slug="shop", name="Shop"), scopes=["ingest"])[1]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1] if broker == "silent" else free_port()
        worker = start_worker(f"redis://127.0.0.1:{port}/0")
        try:
            for trace_id in ("a", "b"):
                span = {"trace_id": trace_id, "name": "call", "kind": "llm"}
                Client(headers={"Authorization": f"Bearer {key}"}).post("/api/v1/spans", span, "application/json")
                wait_until_digested()
            assert worker.poll() is None
        finally:
            worker.kill()
            worker.wait()
    assert Interaction.objects.count() == 2


def start_worker(broker_url):
    environment = {**os.environ, "OBSERVATORY_BROKER_URL": broker_url, "OBSERVATORY_DATABASE_URL": database_url()}
    return subprocess.Popen(
        [sys.executable, "-m", "observatory.up.worker"],
        env=environment,
        cwd=settings.BASE_DIR,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )


def database_url():
    """The database of this test, as another process has to name it."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgresql://{found['USER']}:{found['PASSWORD']}@:{found['PORT']}/{found['NAME']}?host={quote(found['HOST'])}"


def wait_until_digested():
    deadline = time.monotonic() + 30
    while StaleTrace.objects.exists():
        assert time.monotonic() < deadline, "nothing was digested"
        time.sleep(0.05)


def test_it_loads_no_page_and_no_rest_framework_and_is_found_by_celery():
    code = """
import django, sys
django.setup()
from celery import current_app
from celery.app.utils import find_app
import observatory.up.worker
assert find_app("observatory") is current_app._get_current_object() is observatory.up.worker.app
current_app.loader.import_default_modules()
needless = {"rest_framework.views", "drf_spectacular.openapi", "observatory.urls", "interactions.admin"}
assert not needless & set(sys.modules), sorted(needless & set(sys.modules))
"""
    environment = {**os.environ, "CELERY_SKIP_CHECKS": "true"}
    loaded = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True
    )
    assert loaded.returncode == 0, loaded.stderr
