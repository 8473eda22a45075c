"""Queries of feedback and scores; the API shows what they return."""
