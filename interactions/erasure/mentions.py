"""Whether what operators wrote names a user or a session."""

import re
from collections.abc import Iterable

# Numbers, times and words of our own: they name nobody, also where a short id looks like one of them.
OURS = {
    *("range", "limit", "since", "until", "status", "feedback", "quality"),
    *("min_latency_ms", "max_latency_ms", "min_cost_usd", "max_cost_usd"),
}


def mentions(text: str, subject: str) -> bool:
    """Whether the id stands in the text by itself, not within a longer word or number, however it is written."""
    wanted = re.escape(_plain(subject))
    return re.search(rf"(?<![0-9a-z]){wanted}(?![0-9a-z])", _plain(text)) is not None


def filters_mention(pairs: Iterable[tuple[str, str]], column: str, subject: str) -> bool:
    """Whether filters of a list name the subject: the column of ids holds a whole id, any other text may mention it."""
    return any(
        value.strip() == subject.strip() if name == column else mentions(value, subject)
        for name, value in pairs
        if name not in OURS
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
