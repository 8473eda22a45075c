"""The image of the application: all of its code is in it."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.one_store
ROOT = Path(__file__).parents[2]


def test_every_app_is_copied_into_the_image_and_not_ignored():
    apps = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    copied, sent = (ROOT / "deploy/Dockerfile").read_text().splitlines(), (ROOT / ".dockerignore").read_text().splitlines()
    assert {"observatory", "interactions", "feedback", "reports"} <= apps
    assert [app for app in apps if f"COPY {app} {app}" not in copied or f"!{app}" not in sent] == []
