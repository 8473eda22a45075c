"""The interactions that pass filters, found within a bounded look.

No index knows every filter. One look therefore goes through at most REACH interactions by time, from where it begins;
what it has not found then, the next one finds, from there on. A rare word narrows more than time does: see `few`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from interactions import search
from interactions.models import Interaction, InteractionQuerySet
from interactions.reading import opinions
from interactions.reading.filters import Filters

REACH = 50_000  # rows of the table that one look goes through
REACH_WORDS = 10_000  # rows whose words it goes through
REACH_SAID = 10_000  # rows of which it asks what is said of them
SAMPLE_WORDS, COMMON = 2_000, 10  # words are common that so many of the newest have
Place = tuple[datetime, int]  # of a row in the order of time: its own time, primary key


@dataclass(frozen=True)
class Selection:
    """What `filters` keep of a project. `with_plain`: also traces in which no AI step took part."""

    project_id: int
    filters: Filters
    with_plain: bool = False

    @cached_property
    def terms(self) -> tuple[search.Term, ...]:
        return search.terms_of(self.filters.q)

    @cached_property
    def few(self) -> Sequence[int] | None:
        """Primary keys among which all that pass are, where something rare is asked for; None where only time narrows."""
        found = [few for few in (self._few_with_words, *map(self._few_said, self.filters.said)) if few is not None]
        return list(set(found[0]).intersection(*found[1:])) if found else None

    def _few_said(self, asked: tuple[str, str]) -> Sequence[int] | None:
        ids = opinions.few_having(self.project_id, *asked)
        return None if ids is None else list(self._own.filter(interaction_id__in=ids).values_list("id", flat=True))

    @cached_property
    def _few_with_words(self) -> Sequence[int] | None:
        """Where the words are rare."""
        if not self.filters.q:
            return None
        if not self.terms:
            return []
        if self._are_common(self.terms):
            return None
        asked = [term for term in self.terms if not term.is_beginning or not self._are_common((term,))]
        return search.few_with(self.project_id, asked)

    def _are_common(self, terms: Sequence[search.Term]) -> bool:
        """Whether the newest have the terms often enough to find a page of them by looking; so also in a short list."""
        if self._sample_end is None:
            return True
        newest = self.filters.within(self._own).filter(asked_at__gte=self._sample_end[0])
        return len(search.having(newest, terms).newest_first().values_list("id")[:COMMON]) == COMMON

    @cached_property
    def _sample_end(self) -> Place | None:
        return self._place(self.filters.within(self._own).newest_first(), SAMPLE_WORDS)

    @cached_property
    def rows(self) -> InteractionQuerySet:
        """All that pass, in no order. Without `few` to be read within `reach` only."""
        rows = self.filters.apply(self._own)
        rows = rows if self.with_plain or self.filters.ai_step else rows.exchanges()
        rows = rows if self.few is None else rows.filter(id__in=self.few)
        return search.having(rows, self.terms) if self.terms else rows

    def reach(
        self, *, older_than: Place | None = None, newer_than: Place | None = None, most: int | None = None
    ) -> Place | None:
        """The last place that one look from there goes to, through at most `most`; None if it goes to the end.

        Without both places: from the newest.
        """
        order = self._in_order(older_than=older_than, newer_than=newer_than)
        return self._place(order, most or (REACH_WORDS if self.filters.q else REACH_SAID if self.filters.said else REACH))

    def next_ones(
        self, number: int, *, older_than: Place | None = None, newer_than: Place | None = None
    ) -> QuerySet[Any, Any]:
        """The primary keys of as many from there on, whether they pass or not, for a query to look among them."""
        return self._in_order(older_than=older_than, newer_than=newer_than).values("id")[:number]

    def _in_order(self, *, older_than: Place | None, newer_than: Place | None) -> InteractionQuerySet:
        within = self.filters.within(self._own)
        if newer_than:
            return within.filter(newer(newer_than), asked_at__gte=newer_than[0]).order_by("asked_at", "id")
        found = within.filter(older(older_than), asked_at__lte=older_than[0]) if older_than else within
        return found.newest_first()

    @staticmethod
    def _place(ordered: InteractionQuerySet, number: int) -> Place | None:
        """The place of the row of that number; None if there are not as many."""
        return next(iter(ordered.values_list("asked_at", "id")[number - 1 : number]), None)

    @cached_property
    def first_reach(self) -> Place | None:
        """The place that a look from the newest goes to."""
        return self.reach()

    def newest(self, columns: Sequence[str], limit: int) -> tuple[list[Any], bool]:
        """Return the values of the newest that pass, as named tuples, and whether there may be more of them."""
        rows = self.rows.values_list("asked_at", *columns, named=True)
        if self.few is not None:
            found = sorted(rows.order_by(), key=lambda row: row[0], reverse=True)
            return found[:limit], len(found) > limit
        end = self.first_reach
        if end:
            # No key beside the time: PostgreSQL takes it for a rare thing then, and reads and sorts the whole reach.
            rows = rows.filter(asked_at__gte=end[0])
        found = list(rows.order_by("-asked_at", "-id")[: limit + 1])
        return found[:limit], len(found) > limit or end is not None

    def with_filters(self, **filters: str | float | None) -> "Selection":
        """The same with filters changed that no index knows: what was asked of an index is not asked again."""
        other = Selection(self.project_id, replace(self.filters, **filters), self.with_plain)  # type: ignore[arg-type]
        known = {"terms", "few", "_few_with_words", "first_reach"}
        if other.filters.status != self.filters.status:
            known.remove("first_reach")  # of failed ones an index knows: their reach goes further than that of all
        if other.filters.said != self.filters.said:
            known.remove("few")
        other.__dict__.update({name: self.__dict__[name] for name in known if name in self.__dict__})
        return other

    @property
    def _own(self) -> InteractionQuerySet:
        return Interaction.objects.for_project(self.project_id)


def older(place: Place, *, or_same: bool = False, time: str = "asked_at") -> Q:
    at, key = place
    return Q(**{f"{time}__lt": at}) | Q(**{time: at, "id__lte" if or_same else "id__lt": key})


def newer(place: Place, *, or_same: bool = False, time: str = "asked_at") -> Q:
    at, key = place
    return Q(**{f"{time}__gt": at}) | Q(**{time: at, "id__gte" if or_same else "id__gt": key})
