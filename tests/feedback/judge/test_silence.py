"""DeepEval as it runs in the worker: nothing written, nobody told, and no part of it in the web process."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from feedback.quality.deepeval import installed
from tests.feedback.judge.fake_judge import FakeJudge

pytestmark = pytest.mark.one_store
ROOT = Path(__file__).resolve().parents[3]
# Every address that a socket is connected to, by Python or below it, through the audit hook.
WORKER = """
import asyncio, json, sys
reached = []
sys.addaudithook(lambda event, args: reached.append(str(args[1])) if event in ("socket.connect", "socket.sendto") else None)
import django
django.setup()
from datetime import date
from feedback.quality.catalogue import evaluator
from feedback.quality.judge.budget import Budget
from feedback.quality.judge.endpoint import Endpoint
from feedback.quality.judge.open import OpenJudge
Budget.settle = lambda self: None
from tests.feedback.judge.asked import request
from feedback.quality.run import judged
before = "deepeval" in sys.modules
endpoint = Endpoint(sys.argv[1], "good", key="sk-test-very-secret", may_be_private=True)
judge = OpenJudge(0, endpoint, Budget(0, date(2026, 1, 1)))
(result,) = judged(evaluator("deepeval.faithfulness"), [request()], judge)
import os, threading
print(json.dumps({"before": before, "value": result.value, "reached": reached, "threads": threading.active_count(),
    "key": os.environ.get("CONFIDENT_API_KEY"), "stolen": os.environ.get("STOLEN")}))
"""
WEB = """
import sys, django
django.setup()
from django.test import Client
from django.urls import get_resolver
get_resolver().url_patterns
from django.contrib import admin
admin.autodiscover()
import observatory.asgi, feedback.admin, feedback.judges
heavy = {"deepeval", "openai", "httpcore2", "cryptography", "posthog", "grpc"}
print(sorted({name.partition(".")[0] for name in sys.modules} & heavy))
"""


def python(code: str, folder: Path, *arguments: str, **environment: str) -> tuple[str, str]:
    """The last line of its output, and all that it said."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "VIRTUAL_ENV")}
    settings = {"DJANGO_SETTINGS_MODULE": "observatory.settings", "OBSERVATORY_DATA_DIR": str(folder / "data")}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder / "cwd",
        env={**kept, **settings, "HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip().splitlines()[-1], done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path):
    for name in ("cwd", "home", "data"):
        (tmp_path / name).mkdir()
    return tmp_path


def test_a_real_metric_talks_to_the_judge_alone_and_writes_nothing(folder):
    (folder / "cwd" / ".env").write_text("STOLEN=yes\n")
    with FakeJudge() as judge:
        last, told = python(WORKER, folder, judge.url, CONFIDENT_API_KEY="confident")
        port = int(judge.url.rsplit(":", 1)[1].partition("/")[0])
    found = json.loads(last)
    assert (found["before"], found["value"], found["key"], found["stolen"]) == (False, 1, None, None)
    assert set(found["reached"]) == {str(("127.0.0.1", port))}
    assert [path.name for path in (folder / "cwd").iterdir()] == [".env"]
    assert list((folder / "home").iterdir()) == []
    assert "sk-test-very-secret" not in told


def test_the_web_process_holds_none_of_it(folder):
    assert python(WEB, folder)[0] == "[]"


def test_the_version_of_each_score_is_that_of_the_library():
    from importlib.metadata import version

    assert version("deepeval") == installed.VERSION
