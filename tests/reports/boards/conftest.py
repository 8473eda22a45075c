"""A project with an owner, an editor and a viewer, a stranger, and clients of them."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def shop(db: None) -> Any:
    from observatory.projects.models import Project

    return Project.objects.create(slug="shop", name="Shop")


@pytest.fixture
def client_of(shop: Any) -> Callable[[str], Any]:
    """`client_of("viewer")` is logged in with that role in the shop; `client_of("stranger")` has no role."""
    from django.contrib.auth.models import User
    from django.test import Client

    from observatory.projects.models import Membership

    def make(role: str) -> Any:
        user = User.objects.create_user(role, is_staff=True)
        if role != "stranger":
            Membership.objects.create(project=shop, user=user, role=role)
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def editor(client_of: Callable[[str], Any]) -> Any:
    return client_of("editor")


@pytest.fixture
def board(shop: Any) -> Any:
    """Two panels, the second at another width, and one that is no longer declared."""
    from reports.models import Board

    panels = [{"panel": "requests"}, {"panel": "metric:interactions.cost?by=model", "width": "whole"}, {"panel": "gone"}]
    return Board.objects.create(project=shop, title="Mornings", panels=panels, default_range="7d")
