"""By what models were priced lately: kept by the digest, and read by ingest, which so writes most costs with the facts.

A span whose cost comes with it is written once; else the digest writes it a second time, and on PostgreSQL each version
takes its place in the table and in each index. What ingest expects is never trusted: the digest prices every call by the
price book, and replaces what differs (docs/decisions/0021-costs-come-with-the-facts.md).
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, astuple, fields
from datetime import datetime, timedelta
from decimal import Decimal
from heapq import nlargest

from interactions.models import RecentRate
from interactions.pricing.rates import Name, Rates, Usage, cost_by_row, rates_in

MOST = 500  # clients may name any number of models
RELOAD_S = 1.0
STILL_USED_EVERY = timedelta(days=1)
AMOUNTS = [field.name for field in fields(Rates)]
NEGLIGIBLE = Decimal("1e-9")  # USD per million tokens


def keep(used: Mapping[Name, tuple[datetime, Rates | None]]) -> None:
    """Keep at what rates the latest call of each model was priced. Part of the digest: one process at a time."""
    known = {(row.model, row.provider): row for row in RecentRate.objects.all()}
    gone = [
        known[name].pk for name, (at, rates) in used.items() if rates is None and name in known and at > known[name].used_at
    ]
    latest = nlargest(MOST, ((at, name, rates) for name, (at, rates) in used.items() if rates is not None))
    news = [
        RecentRate(model=name[0], provider=name[1], used_at=at, **asdict(rates))
        for at, name, rates in latest
        if name not in known or _is_news(known[name], rates, at)
    ]
    if gone:
        RecentRate.objects.filter(pk__in=gone).delete()
    if not news:
        return
    RecentRate.objects.bulk_create(
        news, update_conflicts=True, unique_fields=["model", "provider"], update_fields=["used_at", *AMOUNTS]
    )
    RecentRate.objects.filter(
        pk__in=list(RecentRate.objects.order_by("-used_at").values_list("pk", flat=True)[MOST:])
    ).delete()


def _is_news(known: RecentRate, rates: Rates, at: datetime) -> bool:
    """Old calls that come late do not speak for those to come."""
    return at > known.used_at + (STILL_USED_EVERY if _are_same(rates_in(known), rates) else timedelta(0))


def _are_same(stored: Rates, rates: Rates) -> bool:
    """Some packaged rates have more places than the columns, and SQLite keeps doubles."""
    pairs = zip(astuple(stored), astuple(rates), strict=True)
    return all(one is other if one is None or other is None else abs(one - other) < NEGLIGIBLE for one, other in pairs)


def expected_cost(rates: Mapping[Name, Rates], name: Name, tokens: Sequence[int | None]) -> Decimal | None:
    """Return what a call will probably cost in USD, or None. `tokens` are as in TOKENS: input, output, cached, ..."""
    known = rates.get(name)
    if known is None or tokens[0] is None is tokens[1]:
        return None
    return cost_by_row(known, Usage(*(number or 0 for number in tokens)))


class RecentRates:
    """The kept rates as this process read them RELOAD_S ago at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.forget()

    def forget(self) -> None:
        self._read_at = -RELOAD_S
        self._rates: dict[Name, Rates] = {}

    def read(self) -> Mapping[Name, Rates]:
        now = self._clock()
        if now >= self._read_at + RELOAD_S:
            self._read_at = now  # before the query: other threads go on with what there is
            self._rates = {(row.model, row.provider): rates_in(row) for row in RecentRate.objects.all()}
        return self._rates
