"""The project, key and clients of the tests of interactions."""

from tests.interactions.conftest import key, project, read, send

__all__ = ["key", "project", "read", "send"]
