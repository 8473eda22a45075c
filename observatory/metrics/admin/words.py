"""Moved to observatory.metrics.words."""

from observatory.metrics.words import *  # noqa: F403
