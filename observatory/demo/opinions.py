"""What users say of an answer and silently do with it, in line with how good it was, and what two reviewers find."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from observatory.demo.answers import ELSEWHERE, GOOD, INVENTED, VAGUE, WRONG_NUMBER
from observatory.demo.turns import Turn

NOT_FOUND = "not found"  # the application says that it knows nothing
STARS = (1, 2, 3, 4, 5)
# How often each number of stars is given. Who has read the documents sees a wrong number; most others do not.
WEIGHTS = {
    GOOD: (2, 4, 11, 36, 47),
    WRONG_NUMBER: (18, 20, 22, 24, 16),
    INVENTED: (16, 22, 24, 24, 14),
    ELSEWHERE: (52, 30, 12, 4, 2),
    VAGUE: (26, 38, 25, 9, 2),
    NOT_FOUND: (24, 28, 30, 14, 4),
}
MORE_OFTEN = 1.7  # who is not content says so more often
COMMENT_SHARE = 0.35
COMMENTS = {
    5: ("Perfect, thank you!", "Great answer, exactly what I needed.", "Love it.", "Super schnell und richtig, danke!"),
    4: ("Good, and easy to understand.", "Helpful, thanks.", "Nice. An example would help."),
    3: ("OK, but I had to ask twice.", "It is an answer, I guess.", "Half of it was useful."),
    2: ("Not what I asked.", "Confusing and incomplete.", "The source says something else.", "Hat mir nicht geholfen."),
    1: ("Wrong.", "This is useless, it did not answer my question at all.", "Terrible, it made things up.", "Bad answer!"),
}
SIGNALS = {True: (("accept", 0.42), ("click", 0.38), ("share", 0.06)), False: (("skip", 0.4), ("requery", 0.35))}
REVIEWERS = ("ada (demo)", "ben (demo)")
REVIEWED_SHARE, SECOND_SHARE, MISTAKE = 0.035, 0.6, 0.09
Body = dict[str, Any]


def stars(turn: Turn, kind: str) -> int:
    (found,) = _rng(turn, "stars").choices(STARS, WEIGHTS[kind])
    return found


def comment(turn: Turn, rating: int) -> str:
    rng = _rng(turn, "comment")
    return rng.choice(COMMENTS[rating]) if rng.random() < COMMENT_SHARE else ""


def is_rated(turn: Turn, kind: str, share: float) -> bool:
    return _rng(turn, "rates").random() < share * (1 if kind == GOOD else MORE_OFTEN)


def said_at(turn: Turn, answered_ms: float) -> int:
    """A few seconds after the answer."""
    return round(answered_ms + _rng(turn, "when").uniform(4_000, 14_000))


def rating(turn: Turn, kind: str, about: Mapping[str, str], answered_ms: float, *, share: float) -> Iterator[Body]:
    """Stars, often with words, of some answers."""
    if is_rated(turn, kind, share):
        number = stars(turn, kind)
        yield _body(turn, about, answered_ms) | {"rating": number} | _words(turn, number)


def thumb(turn: Turn, kind: str, about: Mapping[str, str], answered_ms: float, *, share: float) -> Iterator[Body]:
    if is_rated(turn, kind, share):
        number = stars(turn, kind)
        yield _body(turn, about, answered_ms) | {"thumbs": "up" if number >= 4 else "down"} | _words(turn, number)


def signals(turn: Turn, kind: str, about: Mapping[str, str], answered_ms: float) -> Iterator[Body]:
    rng = _rng(turn, "signals")
    is_content = stars(turn, kind) >= 3
    for name, share in SIGNALS[is_content]:
        # Who has gone does not ask again.
        if rng.random() < share and not (name == "requery" and turn.is_last):
            yield _body(turn, about, answered_ms) | {"signal": name}


def self_check(turn: Turn, kind: str, about: Mapping[str, str], answered_ms: float) -> Body:
    """The score that an application computes of its own answer and sends along: no judge, and not a very good one."""
    value = _rng(turn, "check").gauss(0.82 if kind == GOOD else 0.64, 0.09)
    body = _body(turn, about, answered_ms)
    return body | {"id": f"self-check-{about['trace_id']}", "name": "self_check", "value": round(min(1, max(0, value)), 3)}


def reviews(turn: Turn, kind: str, interaction_id: str) -> Iterator[Body]:
    """What reviewers find of some answers. They err, each for themselves."""
    rng = _rng(turn, "reviews")
    if rng.random() >= REVIEWED_SHARE:
        return
    failure = {WRONG_NUMBER: "wrong fact", INVENTED: "made up", ELSEWHERE: "off topic", VAGUE: "incomplete"}
    for place, name in enumerate(REVIEWERS):
        if place == 0 or rng.random() < SECOND_SHARE:
            is_passed = (kind == GOOD) != (rng.random() < MISTAKE)
            category = "" if is_passed else failure.get(kind, "other")
            yield {"interaction_id": interaction_id, "author": name, "is_passed": is_passed, "category": category}


def _words(turn: Turn, number: int) -> Body:
    words = comment(turn, number)
    return {"comment": words} if words else {}


def _body(turn: Turn, about: Mapping[str, str], answered_ms: float) -> Body:
    return {**about, "user_id": turn.user_id, "timestamp": said_at(turn, answered_ms)}


def _rng(turn: Turn, what: str) -> Random:
    """By its own chance, so that what is said changes nothing of what was asked and answered."""
    return Random(f"{turn.session_id} {turn.place} {what}")
