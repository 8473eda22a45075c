"""The address of the database: what it says is used, or refused in one line."""

from pathlib import Path

import pytest

from observatory.core.databases import database_from_url
from observatory.core.env import ConfigurationError


def test_what_a_url_asks_of_the_connection_is_passed_on():
    found = database_from_url("postgresql://u:p%40@db:5433/shop?sslmode=verify-full&connect_timeout=3", Path())
    names = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    assert [found[name] for name in names] == ["shop", "u", "p@", "db", "5433"]
    assert (found["OPTIONS"]["sslmode"], found["OPTIONS"]["connect_timeout"]) == ("verify-full", "3")
    assert "synchronous_commit=on" in found["OPTIONS"]["options"]


def test_a_folder_with_a_socket_is_the_host():
    found = database_from_url("postgresql://postgres@/shop?host=/run/pg", Path())
    assert (found["HOST"], "host" in found["OPTIONS"]) == ("/run/pg", False)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://db/shop?sslmod=require", "sslmod cannot be set"),
        ("postgresql://db/shop?options=-c%20fsync%3Doff", "options cannot be set"),
        ("postgresql://db:x/shop", "the port is no number"),
        ("mysql://db/shop", "unknown scheme"),
    ],
)
def test_what_cannot_be_used_is_refused(url, reason):
    with pytest.raises(ConfigurationError, match=reason):
        database_from_url(url, Path())
