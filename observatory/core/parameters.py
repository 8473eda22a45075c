"""Query parameters, read strictly."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from observatory.core.errors import ApiError


def only_known(parameters: Iterable[str], *known: str) -> None:
    """A misspelt filter must not silently answer everything."""
    for name in parameters:
        if name not in known:
            raise ApiError("unknown_parameter", f"known are {', '.join(known) or 'none'}", field=name[:100])


def hold_query(parameters: QueryDict, *known: str, several: Collection[str] = ()) -> None:
    """Refuse a query string that narrows less than it reads: for the API, since forms of pages send empty fields.

    `several` may stand more than once. A cursor may be empty: so a loop over pages begins.
    """
    only_known(parameters, *known)
    for name, values in parameters.lists():
        if name != "cursor" and not all(value.strip() for value in values):
            raise ApiError("invalid", "expected a value; leave it out to answer whatever it is", field=name)
        if len(values) > 1 and name not in several:
            raise ApiError("invalid", f"expected one value; there are {len(values)}", field=name)
    since, until = (moment(parameters, name) if name in known else None for name in ("since", "until"))
    if since and until and since > until:
        raise ApiError("invalid", "since is later than until", field="since")


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
