"""The bins, bounds and hashes of a summary as bytes: the same summary gives the same bytes."""

import struct
import zlib
from itertools import accumulate
from typing import Any

from observatory.stats.summary import Summary

PACK_FROM = 120  # bytes; below it zlib gains nothing
_HEAD = struct.Struct("<HHH")
_PLAIN, _PACKED = b"\0", b"\1"


def pack(summary: Summary) -> bytes | None:
    """Return what a summary knows beyond its numbers, or None if that is nothing."""
    if not (summary.bins or summary.bounds or summary.hashes):
        return None
    numbers = sorted(summary.bins)
    steps = [after - before for before, after in zip([0, *numbers], numbers, strict=False)]
    head = _HEAD.pack(len(numbers), len(summary.bounds), len(summary.hashes))
    counts = [summary.bins[number] for number in numbers]
    form = f"<{len(steps)}i{len(counts)}Q{len(summary.bounds)}Q{len(summary.hashes)}Q"
    body = head + struct.pack(form, *steps, *counts, *summary.bounds, *summary.hashes)
    return _PACKED + zlib.compress(body, 1) if len(body) >= PACK_FROM else _PLAIN + body


def unpack(packed: bytes | memoryview | None) -> dict[str, Any]:
    """Return the fields `bins`, `bounds` and `hashes` of the summary that was packed."""
    if packed is None:
        return {}
    packed = bytes(packed)
    body = zlib.decompress(packed[1:]) if packed[:1] == _PACKED else packed[1:]
    bins, bounds, hashes = _HEAD.unpack_from(body)
    values = struct.unpack_from(f"<{bins}i{bins}Q{bounds}Q{hashes}Q", body, _HEAD.size)
    numbers = accumulate(values[:bins])
    end = 2 * bins + bounds
    return {
        "bins": dict(zip(numbers, values[bins : 2 * bins], strict=True)),
        "bounds": values[2 * bins : end],
        "hashes": values[end:],
    }
