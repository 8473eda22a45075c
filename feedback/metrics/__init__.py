"""Metrics of feedback and quality. Each theme is a file, imported here so that it is declared."""

from feedback.metrics import estimates, judged, people, signals, verdicts

__all__ = ["estimates", "judged", "people", "signals", "verdicts"]
