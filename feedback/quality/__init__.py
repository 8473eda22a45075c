"""Judging answers: evaluators are declared, one file each; scores are written by feedback/scores.py."""
