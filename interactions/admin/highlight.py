"""The words that were looked for, marked in what was found: a text as pieces, which the template escapes one by one."""

import re
from dataclasses import dataclass

from interactions import search

Pieces = list[tuple[str, bool]]  # each with whether it was looked for
SEEN, LEAD = 38, 14  # characters of a text that even a narrow line shows; those left before what was found further on


@dataclass(frozen=True, slots=True)
class Highlighter:
    pattern: re.Pattern[str] | None

    @property
    def is_asked(self) -> bool:
        return self.pattern is not None

    def __call__(self, text: str) -> Pieces:
        if self.pattern is None:
            return [(text, False)] if text else []
        # A pattern with one group splits into what lies between and what it found, by turns.
        return [(piece, place % 2 == 1) for place, piece in enumerate(self.pattern.split(text)) if piece]


def from_hit(pieces: Pieces) -> Pieces:
    """The pieces from shortly before the first that was looked for, so that a line which is cut shows it."""
    if len(pieces) < 2 or pieces[0][1] or len(pieces[0][0]) + len(pieces[1][0]) <= SEEN:
        return pieces
    lead = pieces[0][0][-LEAD:]
    space = lead.find(" ", 0, -1)  # the one just before a hit would leave nothing of what leads there
    return [(f"…{lead[space + 1 :]}", False), *pieces[1:]]


def highlighter(query: str) -> Highlighter:
    """Return what cuts texts into pieces for a query; of a query without words all is one piece."""
    words = [_pattern(word, is_beginning) for word, is_beginning in search.asked_words(query)]
    return Highlighter(re.compile(f"({'|'.join(words)})", re.IGNORECASE) if words else None)


def _pattern(word: str, is_beginning: bool) -> str:
    if search.UNSPACED.match(word):
        return re.escape(word)
    return rf"(?<![^\W_]){re.escape(word)}" + ("" if is_beginning else r"(?![^\W_])")
