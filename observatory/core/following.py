"""Looking for work again and again: with this, nothing needs a broker."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, close_old_connections

from observatory.core import page_cache

LONGEST_PAUSE_S = 30.0
ASK_EVERY_S = 0.5  # how long to rest
AWAY = (OperationalError, InterfaceError)
logger = logging.getLogger(__name__)

followed: set[str] = set()  # what threads of this process follow
at_work: set[str] = set()  # who looks at this moment; a look that waits for a judge uses no CPU


def no_rest() -> float:
    return 0.0


def follow(
    look: Callable[[], None], *, name: str, every_s: float, stopped: threading.Event, rest: Callable[[], float] = no_rest
) -> None:
    """Call `look` every `every_s` seconds until `stopped` is set.

    After a call that took long there is a pause of `rest()` times as long, so the work takes a share of a core at most.
    `rest` is asked during the pause, too, for what is to go first may end meanwhile; of two answers the longer one counts,
    for it may only draw breath. While the database is away it is asked less and less often, down to once in
    LONGEST_PAUSE_S.
    """
    followed.add(name)
    try:
        _follow(look, name, every_s, stopped, rest)
    finally:
        followed.discard(name)


def _follow(
    look: Callable[[], None], name: str, every_s: float, stopped: threading.Event, rest: Callable[[], float]
) -> None:
    pause, asked, is_away = every_s, 0.0, False
    while True:
        started = time.monotonic()
        try:
            close_old_connections()
            at_work.add(name)
            look()
            asked = rest()
            page_cache.empty()
        except AWAY as error:
            pause = min(max(pause, 0.5) * 2, LONGEST_PAUSE_S)
            if not is_away:
                logger.warning("The %s waits for the database: %s", name, str(error).strip())
            is_away = True
        else:
            if is_away:
                logger.warning("The database answers again; the %s goes on.", name)
            pause, is_away = every_s, False
        finally:
            at_work.discard(name)
        took = time.monotonic() - started
        if stopped.wait(pause) or (
            not is_away and _is_stopped_at_rest(took, time.monotonic() - pause, asked, stopped, rest)
        ):
            return


def _is_stopped_at_rest(
    took: float, since: float, asked: float, stopped: threading.Event, rest: Callable[[], float]
) -> bool:
    """Wait until `rest()` times what a look took has passed since then."""
    try:
        while True:
            before, asked = asked, rest()
            left = since + took * max(before, asked) - time.monotonic()
            if left <= 0:
                return False
            if stopped.wait(min(left, ASK_EVERY_S)):
                return True
    except AWAY:
        return False  # the next look says so
