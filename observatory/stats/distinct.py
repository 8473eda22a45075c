"""Distinct values, mergeable in any order: the K smallest hashes that were seen.

Exact below K values, then within about 4 % (K = 512). Z. Bar-Yossef et al., "Counting distinct elements in a data stream",
RANDOM 2002: of n hashes spread evenly over [0, 1) the K-th smallest lies near K/n.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence

K = 512
FEW = 4  # parts that are sorted whole as soon
_BITS = 64


def hash_of(value: str, key: bytes = b"") -> int:
    """Return 64 evenly spread bits of the value, the same under the same key (of up to 64 bytes)."""
    return int.from_bytes(hashlib.blake2b(value.encode(), digest_size=_BITS // 8, key=key).digest(), "little")


def smallest(hashes: Iterable[int]) -> tuple[int, ...]:
    """Return the K smallest distinct hashes in order."""
    return tuple(sorted(set(hashes))[:K])


def smallest_of_all(parts: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    """Return what `smallest` keeps of the hashes of all parts, each of which it made.

    The first few of each part, if they are K different ones, bound the rest: a month of days holds thirty times K.
    """
    if len(parts) <= 1:
        return parts[0] if parts else ()
    first = smallest(set().union(*(part[: 2 * K // len(parts) + 1] for part in parts))) if len(parts) > FEW else ()
    if len(first) < K:
        return smallest(set().union(*parts))
    return smallest(set().union(*(part[: bisect_right(part, first[-1])] for part in parts)))


def estimate(kept: tuple[int, ...]) -> float:
    """Return about how many distinct values were seen, from what `smallest` kept of them."""
    if len(kept) < K:
        return float(len(kept))
    return (K - 1) / (kept[-1] / 2**_BITS)
