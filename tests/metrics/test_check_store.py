"""`manage.py check_store` says what the database is, and what is used instead of TimescaleDB."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from observatory.metrics import timescale

pytestmark = pytest.mark.django_db
KINDS = {"sqlite": "SQLite 3.", "postgresql": "PostgreSQL 1"}


def check_store():
    out = io.StringIO()
    call_command("check_store", stdout=out)
    return out.getvalue()


def test_it_names_the_store_its_version_and_its_size(store):
    first, second, *_ = check_store().splitlines()
    assert first.startswith(f"Store        {KINDS[store]}")
    assert str(connection.settings_dict["NAME"]) in first
    assert second.startswith("Size ")
    assert second.endswith("B")


def test_without_the_extension_it_says_what_is_used_instead(monkeypatch):
    monkeypatch.setattr(timescale, "extension", lambda: None)
    assert "Old buckets are deleted row by row, and nothing is compressed." in check_store()


def test_setting_up_without_the_extension_changes_nothing(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(timescale, "extension", lambda: None)
    with django_assert_num_queries(0):
        timescale.set_up()


def test_an_extension_that_is_too_old_is_not_used(store, monkeypatch):
    monkeypatch.setattr(timescale, "extension", lambda: timescale.Extension("2.9.1", "timescale"))
    assert ("2.9.1 is older than 2.13" in check_store()) == (store == "postgresql")


def test_a_table_that_is_still_plain_is_told(store, monkeypatch):
    monkeypatch.setattr(timescale, "extension", lambda: timescale.Extension("2.23.0", "timescale"))
    monkeypatch.setattr(timescale, "chunk_sizes", dict)
    if store == "sqlite":
        assert "not on SQLite" in check_store()
        return
    with pytest.raises(CommandError, match=r"metrics_bucket1m.*manage.py migrate"):
        check_store()
