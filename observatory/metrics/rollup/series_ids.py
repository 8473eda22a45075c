"""Series by their labels; beyond a label's cap, or a metric's, a value becomes "other"."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import orjson
from django.db import connection

from observatory.core import bulk
from observatory.metrics.catalogue import MAX_SERIES, OTHER, Metric
from observatory.metrics.models import Series

COLUMNS = ("id", "project_id", "metric", "labels", "labels_key")
Labels = tuple[str, ...]


class SeriesBook:
    """The series of some metrics of a project, read once. Who is admitted stays admitted.

    New values are looked at in their order of text, so the same facts admit the same values.
    """

    def __init__(self, project_id: int, metrics: Sequence[Metric]):
        self.project_id = project_id
        self.metrics = {metric.name: metric for metric in metrics}
        self.ids: dict[tuple[str, Labels], int] = {}
        self._values: dict[tuple[str, int], set[str]] = defaultdict(set)
        self._count: dict[str, int] = defaultdict(int)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, metric, labels FROM {Series._meta.db_table} "  # noqa: S608
                f"WHERE project_id = %s AND metric IN ({', '.join(['%s'] * len(self.metrics))})",
                [project_id, *self.metrics],
            )
            for series_id, name, labels in cursor.fetchall():
                self._add(name, tuple(orjson.loads(labels)), series_id)

    def admit(self, wanted: Iterable[tuple[str, Labels]]) -> dict[tuple[str, Labels], Labels]:
        """Return the labels under which each (metric, raw labels) is kept, and create the series that are new.

        Call it in the transaction that writes their buckets.
        """
        kept = {(name, labels): self._capped(name, labels) for name, labels in sorted(set(wanted))}
        new = sorted({(name, labels) for (name, _), labels in kept.items() if self.ids[name, labels] < 0})
        ids = bulk.next_ids(Series, len(new))
        rows = [
            (series_id, self.project_id, name, json.dumps(labels), key_of(labels))
            for series_id, (name, labels) in zip(ids, new, strict=True)
        ]
        bulk.insert(Series, COLUMNS, rows)
        self.ids.update(zip(new, ids, strict=True))
        return kept

    def _capped(self, name: str, labels: Labels) -> Labels:
        if (name, labels) in self.ids:
            return labels
        declared = self.metrics[name].labels
        capped = tuple(
            value if value in self._values[name, place] or self._has_room(name, place, label.cap) else OTHER
            for place, (value, label) in enumerate(zip(labels, declared, strict=True))
        )
        if (name, capped) not in self.ids:
            # The last place is that of "other".
            if capped and self._count[name] >= MAX_SERIES - 1:
                capped = (OTHER,) * len(capped)
            if (name, capped) not in self.ids:
                self._add(name, capped, -1)
        return capped

    def _has_room(self, name: str, place: int, cap: int) -> bool:
        return len(self._values[name, place] - {OTHER}) < cap

    def _add(self, name: str, labels: Labels, series_id: int) -> None:
        self.ids[name, labels] = series_id
        self._count[name] += 1
        for place, value in enumerate(labels):
            self._values[name, place].add(value)


def key_of(labels: Sequence[Any]) -> str:
    """A digest of the labels: 32 hexadecimal digits, the same for the same labels."""
    return blake2b(orjson.dumps(list(labels)), digest_size=16).hexdigest()
