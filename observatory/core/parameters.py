"""Query parameters, read strictly."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from django.utils.dateparse import parse_datetime

from observatory.core.errors import ApiError


def only_known(parameters: Iterable[str], *known: str) -> None:
    """A misspelt filter must not silently answer everything."""
    for name in parameters:
        if name not in known:
            raise ApiError("unknown_parameter", f"known are {', '.join(known) or 'none'}", field=name[:100])


def moment(parameters: Mapping[str, str], name: str) -> datetime | None:
    """A time in ISO 8601 (a date alone is its midnight; UTC if no zone is named); None where there is none."""
    value = parameters.get(name, "").strip()
    if not value:
        return None
    try:
        found = parse_datetime(value.replace(" ", "+") if value.count(" ") == 1 and "T" in value else value)
        found = found or datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ApiError("invalid", "expected a time in ISO 8601, for example 2026-01-31T09:00:00Z", field=name) from None
