"""Fingerprints of rows by the minute: what is deleted must be what was archived, to the last column."""

from collections.abc import Iterable, Iterator
from typing import Any

Print = tuple[int, int]  # how many rows, and the sum of their hashes
MASK = (1 << 64) - 1
NOTHING: Print = (0, 0)


class Prints:
    """The prints of the rows that passed, by the start of their minute. They hold within one process."""

    def __init__(self) -> None:
        self.by_minute: dict[int, Print] = {}

    def watch(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield the rows (their time first) and take their prints."""
        for row in rows:
            minute = int(row[0].timestamp()) // 60 * 60
            number, total = self.by_minute.get(minute, NOTHING)
            self.by_minute[minute] = (number + 1, (total + hash(repr(row))) & MASK)
            yield row

    def of(self, start: int, end: int) -> Print:
        """The print of the rows in [start, end), whole minutes."""
        inside = [one for minute, one in self.by_minute.items() if start <= minute < end]
        return sum(number for number, _ in inside), sum(total for _, total in inside) & MASK


def print_of(rows: Iterable[tuple[Any, ...]]) -> Print:
    total, number = 0, 0
    for row in rows:
        number, total = number + 1, (total + hash(repr(row))) & MASK
    return number, total
