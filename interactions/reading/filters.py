"""What a list can be narrowed by, parsed from query parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from interactions.models import Interaction, InteractionQuerySet, Origin
from interactions.reading import opinions
from observatory.core.errors import ApiError
from observatory.core.parameters import moment

# Equal to a column of that name. Sessions and users have indexes of their own.
INDEXED = ("session_id", "user_id")
FACETS = ("model", "provider", "environment", "release", "prompt_name", "prompt_version", "category", "error_type")
EXACT = (*INDEXED, *FACETS)
SAID = tuple(opinions.CHOICES)  # by what is said of it: one of the words of `opinions.CHOICES`
RANGES = ("min_latency_ms", "max_latency_ms", "min_cost_usd", "max_cost_usd")
API_PARAMETERS = (*EXACT, "tag", "status", *SAID, *RANGES, "since", "until", "q")
AI_STEP, NO_AI_STEP = "ai_step", "none"  # those that the API lists among the traces only
PARAMETERS = (*API_PARAMETERS, AI_STEP)
MAX_CHARS = 500
MAX_AMOUNT, MAX_AMOUNT_CHARS = 1_000_000_000_000, 30
STATUSES = ("ok", "error")


@dataclass(frozen=True, slots=True)
class Filters:
    session_id: str = ""
    user_id: str = ""
    model: str = ""
    provider: str = ""
    environment: str = ""
    release: str = ""
    prompt_name: str = ""
    prompt_version: str = ""
    category: str = ""
    error_type: str = ""
    tag: str = ""
    status: str = ""
    feedback: str = ""
    quality: str = ""
    ai_step: str = ""
    min_latency_ms: float | None = None
    max_latency_ms: float | None = None
    min_cost_usd: Decimal | None = None
    max_cost_usd: Decimal | None = None
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def apply(self, queryset: InteractionQuerySet) -> InteractionQuerySet:
        """Return the interactions that pass all filters but `q`: see `reading.selection`."""
        queryset = self.within(queryset).filter(**{name: getattr(self, name) for name in FACETS if getattr(self, name)})
        if self.status == "ok":
            queryset = queryset.filter(is_error=False)
        if self.ai_step:
            queryset = queryset.filter(origin=Origin.PLAIN)
        if self.tag:
            queryset = _tagged(queryset, self.tag)
        for name in RANGES:
            bound = getattr(self, name)
            if bound is not None:
                side, _, column = name.partition("_")
                queryset = queryset.filter(**{f"{column}__{'gte' if side == 'min' else 'lt'}": bound})
        for name, value in self.said:
            queryset = opinions.having(queryset, name, value)
        return queryset

    @property
    def said(self) -> list[tuple[str, str]]:
        """The filters by what is said that are set, with their values."""
        return [(name, value) for name in SAID if (value := getattr(self, name))]

    def within(self, queryset: InteractionQuerySet) -> InteractionQuerySet:
        """Return the interactions of the time, session and user, or the failed ones: what an index finds."""
        if self.session_id:
            queryset = queryset.of_session(self.session_id)
        if self.user_id:
            queryset = queryset.of_user(self.user_id)
        if self.status == "error":
            queryset = queryset.filter(is_error=True)
        if self.since:
            queryset = queryset.filter(asked_at__gte=self.since)
        return queryset.filter(asked_at__lt=self.until) if self.until else queryset


def parse_filters(parameters: Mapping[str, str]) -> Filters:
    """Return the filters in `parameters`; raises ApiError with the parameter that is wrong. Others are left alone.

    A least value is included, a greatest one is not: ranges that follow each other share no interaction.
    """
    values: dict[str, Any] = {name: short_text(parameters, name) for name in (*EXACT, "tag", "q")}
    values |= {name: _one_of(parameters, name, tuple(opinions.CHOICES[name])) for name in SAID}
    amounts: dict[str, Any] = {name: _amount(parameters, name) for name in RANGES}
    return Filters(
        **values,
        **amounts,
        status=_one_of(parameters, "status", STATUSES),
        ai_step=_one_of(parameters, AI_STEP, (NO_AI_STEP,)),
        since=moment(parameters, "since"),
        until=moment(parameters, "until"),
    )


def short_text(parameters: Mapping[str, str], name: str) -> str:
    value = parameters.get(name, "").strip()
    if "\x00" in value or len(value) > MAX_CHARS:
        raise ApiError("invalid", f"expected a text of at most {MAX_CHARS} characters without NUL", field=name)
    return value


def _one_of(parameters: Mapping[str, str], name: str, words: Sequence[str]) -> str:
    value = short_text(parameters, name)
    if value not in {"", *words}:
        *most, last = words
        raise ApiError("invalid", f"expected {', '.join(most)} or {last}" if most else f"expected {last}", field=name)
    return value


def _amount(parameters: Mapping[str, str], name: str) -> float | Decimal | None:
    """An amount of money stays decimal: as a binary fraction it would not equal the stored one."""
    text = parameters.get(name, "").strip()
    if not text:
        return None
    try:
        value = Decimal(text if len(text) <= MAX_AMOUNT_CHARS else "")
    except InvalidOperation:
        value = Decimal("NaN")
    if not (value.is_finite() and 0 <= value <= MAX_AMOUNT):
        raise ApiError("invalid", "expected a number from 0 to 1e12", field=name)
    return value if name.endswith("_usd") else float(value)


def _tagged(queryset: InteractionQuerySet, tag: str) -> InteractionQuerySet:
    """Keep the interactions that have a tag."""
    column = f"{Interaction._meta.db_table}.tags"
    if connection.vendor == "postgresql":
        return queryset.filter(tags__contains=[tag])
    sql = f"EXISTS (SELECT 1 FROM json_each({column}) WHERE json_each.value = %s)"  # noqa: S608
    return queryset.filter(RawSQL(sql, [tag], output_field=BooleanField()))  # noqa: S611
