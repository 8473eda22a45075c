"""Estimating the quality of an answer from words alone, without a model: one file a measure, pure functions.

See docs/explanation/quality.md for what each says, and how well it agrees with people.
"""
