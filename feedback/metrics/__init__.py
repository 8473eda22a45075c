"""Metrics of feedback and quality. Each theme is a file, imported here so that it is declared."""

from feedback.metrics import calibration, estimates, judged, people, scoring, signals, training, verdicts

__all__ = ["calibration", "estimates", "judged", "people", "scoring", "signals", "training", "verdicts"]
