"""The overall of four scores: accuracy, completeness, relevance and consistency, by the weights of the installation."""

from collections.abc import Mapping

from django.conf import settings

PARTS = ("accuracy", "completeness", "relevance", "consistency")
LEAST_COVERAGE = 0.5


def weights() -> dict[str, float]:
    """By part; their sum is 1."""
    return dict(zip(PARTS, settings.OBSERVATORY["OBSERVATORY_QUALITY_WEIGHTS"], strict=True))


def overall(parts: Mapping[str, float | None]) -> tuple[float | None, float]:
    """The weighted mean of what could be measured, and the share of the weight that it covers.

    None where less than half of the weight is covered.
    """
    known = {name: (weight, value) for name, weight in weights().items() if (value := parts.get(name)) is not None}
    coverage = sum(weight for weight, _ in known.values())
    if not known or coverage < LEAST_COVERAGE - 1e-9:
        return None, coverage
    return sum(weight * value for weight, value in known.values()) / coverage, coverage
