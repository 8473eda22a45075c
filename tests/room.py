"""Room for the calls of a test.

CPython keeps frames in pieces of 16 kB. Where a loop's calls cross the end of one, each takes a piece from the system and
gives it back (python/cpython#142183, in Debian's 3.11). Below pytest's sixty frames a page with many rows took twice its CPU
for that; in a thread of the server none does.
"""

from collections.abc import Callable
from typing import Any

NEEDED = 16_000  # words of 8 bytes: too many for 128 kB, so that half of 256 kB is left to what is called


def with_room(function: Callable[..., Any], *args: Any) -> Any:
    """Call the function where some 400 calls into it no end of a piece lies."""
    return function(*args)


with_room.__code__ = with_room.__code__.replace(co_stacksize=NEEDED)
