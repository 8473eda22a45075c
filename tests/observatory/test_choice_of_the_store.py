"""The tests run on the store that was asked for, or not at all."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_settings_that_were_read_before_the_tests_could_choose_the_store_are_refused():
    command = [sys.executable, "-m", "pytest", "--store", "postgresql", "--collect-only", "-q", "tests/stats"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "observatory.settings"}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 4
    assert "unset it" in run.stderr + run.stdout
