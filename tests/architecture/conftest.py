import subprocess

import pytest

from tests.architecture.sources import ROOT


@pytest.fixture(scope="session")
def tracked_files() -> list[str]:
    """What git knows, as paths relative to the repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
