"""What `manage.py check` looks at."""

from django.contrib import admin
from django.core.checks import Tags, run_checks


def test_pages_are_loaded_before_the_admin_is_checked(monkeypatch):
    loaded = []
    monkeypatch.setattr(admin, "autodiscover", lambda: loaded.append("pages"))
    assert run_checks(tags=[Tags.admin]) == []
    assert loaded == ["pages"]
