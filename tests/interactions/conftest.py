"""A project, its keys, and clients that send with them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

if TYPE_CHECKING:
    from observatory.projects.models import Project


@pytest.fixture
def project(db) -> "Project":
    from observatory.projects.models import Project  # the conftest is read before Django is set up

    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def key(project) -> str:
    from observatory.projects.keys import create_key

    return create_key(project=project, scopes=["ingest", "read", "manage"])[1]


@pytest.fixture
def send(key) -> Callable[..., Any]:
    """`send(path, data)` posts JSON and returns `(status, answer)`."""
    return poster(key)


def poster(key: str) -> Callable[..., Any]:
    """`send` with a key."""

    def post(path: str, data: Any, **headers: str) -> tuple[int, Any]:
        headers = {"HTTP_AUTHORIZATION": f"Bearer {key}", **headers}
        response = Client().post(path, data=data, content_type="application/json", **headers)
        return response.status_code, response.json()

    return post


@pytest.fixture
def read(key) -> Callable[..., Any]:
    """`read(path, **parameters)` digests, then gets JSON and returns `(status, answer)`."""

    from interactions.digest.run import digest_until_empty

    def get(path: str, **parameters: Any) -> tuple[int, Any]:
        digest_until_empty()
        response = Client().get(path, parameters, HTTP_AUTHORIZATION=f"Bearer {key}")
        return response.status_code, response.json()

    return get
