"""The admin user and the demo project's key. Both are kept in the data folder, so that each start can print them again."""

import json
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import connection

from observatory.projects.keys import create_key, find_access
from observatory.projects.models import Project, Scope

ADMIN = "admin"
DEMO_PROJECT = "demo"
DEMO_SCOPES = (Scope.INGEST, Scope.FEEDBACK, Scope.READ)


class CredentialFile:
    """A JSON object in a file that only its owner reads."""

    def __init__(self, path: Path):
        self.path = path

    def read(self) -> dict[str, Any]:
        return json.loads(self.path.read_text()) if self.path.exists() else {}

    def write(self, values: dict[str, Any]) -> None:
        aside = self.path.with_suffix(".new")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(values, file, indent=1)
        aside.replace(self.path)


def ensure_admin(file: CredentialFile) -> str | None:
    """Return the password of the user `admin`, made on first use; None if the user has chosen another one since."""
    values = file.read()
    user = User.objects.filter(username=ADMIN).first()
    if user is not None:
        password = values.get("admin_password", "")
        return password if user.check_password(password) else None
    password = values.get("admin_password") or secrets.token_urlsafe(12)
    file.write({**values, "admin_password": password})
    User.objects.create_superuser(ADMIN, password=password)
    return password


def ensure_demo_key(file: CredentialFile, *, now: datetime) -> str:
    """Return a key of the demo project that works, a new one if the last was revoked. Each store has its own."""
    name = f"demo_key_{connection.vendor}"
    values = file.read()
    key = values.get(name, "")
    if key and find_access(key, now=now):
        return key
    project, _ = Project.objects.get_or_create(slug=DEMO_PROJECT, defaults={"name": "Demo"})
    _, key = create_key(project=project, scopes=DEMO_SCOPES, name="printed by up")
    file.write({**values, name: key})
    return key
