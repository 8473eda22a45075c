"""Metrics of feedback and quality. Each theme is a file, imported here so that it is declared."""

from feedback.metrics import people

__all__ = ["people"]
