"""Observatory: the back office of an LLM application."""

from observatory.celery import app as celery_app

__all__ = ["celery_app"]
