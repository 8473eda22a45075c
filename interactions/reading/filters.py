"""What a list can be narrowed by, parsed from query parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from interactions.models import InteractionQuerySet
from interactions.search import matching
from observatory.core.errors import ApiError
from observatory.core.parameters import moment

EXACT = ("session_id", "user_id", "model", "environment")
PARAMETERS = (*EXACT, "status", "since", "until", "q")
MAX_CHARS = 500


@dataclass(frozen=True, slots=True)
class Filters:
    session_id: str = ""
    user_id: str = ""
    model: str = ""
    environment: str = ""
    status: str = ""
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def apply(self, queryset: InteractionQuerySet) -> InteractionQuerySet:
        """Return the interactions that pass."""
        queryset = queryset.filter(**{name: getattr(self, name) for name in EXACT if getattr(self, name)})
        if self.status:
            queryset = queryset.filter(is_error=self.status == "error")
        if self.since:
            queryset = queryset.filter(asked_at__gte=self.since)
        if self.until:
            queryset = queryset.filter(asked_at__lt=self.until)
        return matching(queryset, self.q) if self.q else queryset


def parse_filters(parameters: Mapping[str, str]) -> Filters:
    """Return the filters in `parameters`; raises ApiError with the parameter that is wrong. Others are left alone."""
    values = {name: _text(parameters, name) for name in (*EXACT, "q")}
    status = _text(parameters, "status")
    if status not in {"", "ok", "error"}:
        raise ApiError("invalid", "expected ok or error", field="status")
    return Filters(**values, status=status, since=moment(parameters, "since"), until=moment(parameters, "until"))


def _text(parameters: Mapping[str, str], name: str) -> str:
    value = parameters.get(name, "").strip()
    if "\x00" in value or len(value) > MAX_CHARS:
        raise ApiError("invalid", f"expected a text of at most {MAX_CHARS} characters without NUL", field=name)
    return value
