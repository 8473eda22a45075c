"""A project, and a way to import a text as if it were a file."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command


@pytest.fixture
def project(db):
    from observatory.projects.models import Project

    return Project.objects.create(slug="files", name="Files")


@pytest.fixture
def run(project, tmp_path: Path) -> Callable[..., str]:
    """Import `content` under the file name and return what the command said."""

    def run(name: str, content: str | bytes, *options: str) -> str:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        out = io.StringIO()
        call_command("import_interactions", str(path), "--project", "files", *options, stdout=out)
        return out.getvalue()

    return run
