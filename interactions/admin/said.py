"""What is said of interactions, as pages show it: people first, then what judges say, then what was only estimated."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interactions.reading.opinions import (
    ACCURACY,
    APPLICATION,
    ESTIMATE,
    FAILED,
    JUDGE,
    LEXICAL,
    NOT_SCORABLE,
    RATING,
    REVIEWER,
    SIGNAL,
    USER,
    Action,
    Opinion,
)

BY_A_MODEL = "estimate by a model"
GROUPS = (
    ("people", "People", (USER, REVIEWER, SIGNAL)),
    ("judged", "Judged by a model, or sent by the application", (JUDGE, APPLICATION)),
    ("estimated", "Lexical estimate (no model)", (ESTIMATE,)),
    ("modelled", "Estimate by a small model on this machine (no judge)", (BY_A_MODEL,)),
)
WORDS = {USER: "user", SIGNAL: "did", REVIEWER: "reviewer", JUDGE: "judge", APPLICATION: "application", ESTIMATE: "estimate"}
MOST_SHOWN = 50  # of a group, on a page


@dataclass(frozen=True, slots=True)
class Badge:
    """A verdict in a word or two; `kind` is a class of the design system, `title` says whose and what exactly."""

    text: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Part:
    """A named number of a verdict, or what it is in words; without a value, why."""

    name: str
    value: float | None
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """A verdict as a row of a page."""

    one: Opinion
    badge: Badge
    who: str
    parts: Sequence[Part]

    @property
    def label(self) -> str:
        """Its word; "" where that says the same as its badge."""
        is_told = self.one.source == REVIEWER and self.one.label in ("pass", "fail")
        return "" if is_told else self.one.label

    @property
    def is_failed(self) -> bool:
        return self.one.state == FAILED

    @property
    def coverage_percent(self) -> int | None:
        return None if self.one.coverage is None else round(self.one.coverage * 100)


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: str
    lines: Sequence[Line]
    hidden: int


@dataclass(frozen=True, slots=True)
class Said:
    """All that a page says of one interaction. `actions` are for editors."""

    groups: Sequence[Group]
    actions: Sequence[Action] = ()

    @property
    def n(self) -> int:
        return sum(len(group.lines) + group.hidden for group in self.groups)


def said_of(opinions: Sequence[Opinion], actions: Sequence[Action] = ()) -> Said:
    return Said([group for group in (_group(one, opinions) for one in GROUPS) if group.lines], actions)


def badges_of(opinions: Sequence[Opinion]) -> list[Badge]:
    """The few that a row of a list has room for: the lowest rating, failed checks, the newest estimate of each name."""
    ratings = [one for one in opinions if one.is_rating and one.state not in (FAILED, NOT_SCORABLE)]
    rated = sorted((one for one in ratings if one.value is not None or one.is_helpful is not None), key=_strictness)
    found = [_of_several(badge_of(rated[0]), len(rated))] if rated else []
    found += [badge_of(one) for one in newest_versions(opinions) if one.source in (REVIEWER, JUDGE) and is_trouble(one)][:2]
    estimates = [one for one in newest_versions(opinions) if one.source == ESTIMATE and one.value is not None]
    by_name = {one.name: one for one in estimates}
    return found + [_of_estimate(by_name[name]) for name in sorted(by_name, key=lambda name: name != LEXICAL)]


def _of_estimate(one: Opinion) -> Badge:
    """With what tells most of it, by which the list is narrowed to what is low."""
    badge, accuracy = badge_of(one), one.parts.get(ACCURACY)
    if one.name != LEXICAL or accuracy is None:
        return badge
    return Badge(
        f"{badge.text}, accuracy {figure(accuracy)}", badge.kind, f"{badge.title} · its accuracy says whether it is low"
    )


def newest_versions(opinions: Iterable[Opinion]) -> list[Opinion]:
    """Of verdicts of one sort by one author, as of several versions of an evaluator, the last one; oldest first."""
    return list({(one.source, one.name, one.author, one.user_id): one for one in opinions}.values())


def is_trouble(one: Opinion) -> bool:
    return one.state == FAILED or one.is_passed is False


def badge_of(one: Opinion) -> Badge:
    title = " · ".join(filter(None, (WORDS[one.source], one.name, one.version, one.label)))
    if one.state != "scored":
        # Not to be taken for an answer that failed.
        words = "evaluation failed" if one.state == FAILED else one.state
        return Badge(f"{short_name(one.name)} {words}", "warn" if one.state == FAILED else "", title)
    return Badge(_text(one), _kind(one), title)


def short_name(name: str) -> str:
    """As pages say it. A hallucination of 1 is none, and a signal has one name on all of them."""
    short = name.removeprefix("deepeval.").removeprefix("signal.").removeprefix("judge.").replace("_", " ")
    return {"hallucination": "no hallucination", "requery": "re-query"}.get(short, short)


def figure(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _text(one: Opinion) -> str:
    thumb = {True: "helpful", False: "not helpful", None: ""}[one.is_helpful]
    if one.source == USER and one.name == RATING:
        stars = "" if one.value is None else f"{figure(one.value)} of 5"
        return ", ".join(filter(None, (stars, thumb))) or "comment"
    if one.source == SIGNAL:
        return short_name(one.name)
    verdict = "" if one.is_passed is None or one.source == ESTIMATE else "passed" if one.is_passed else "not passed"
    # A person's yes or no says the same twice. Of a judge, 0 is a verdict; what failed has none.
    value = "" if verdict and one.source == REVIEWER and one.value in (0, 1) else figure(one.value)
    return " ".join(filter(None, (short_name(one.name), value, verdict)))


def _kind(one: Opinion) -> str:
    if one.source == ESTIMATE:
        return "estimate"
    if one.source == SIGNAL:
        return "" if one.value is None else "good" if one.value > 0 else "warn"
    if one.is_bad or one.is_passed is False:
        return "bad"
    return "good" if one.is_good or one.is_passed else ""


def _strictness(one: Opinion) -> tuple[bool, float]:
    return not one.is_bad, one.value or 0


def _of_several(badge: Badge, n: int) -> Badge:
    return badge if n < 2 else Badge(badge.text, badge.kind, f"{badge.title} · the lowest of {n} ratings")


def _group(kind: tuple[str, str, Sequence[str]], opinions: Sequence[Opinion]) -> Group:
    key, title, sources = kind
    mine = [one for source in sources for one in newest_versions(opinions) if _sort_of(one) == source]
    return Group(key, title, [line_of(one) for one in mine[:MOST_SHOWN]], max(0, len(mine) - MOST_SHOWN))


def _sort_of(one: Opinion) -> str:
    """Its source. Estimates are told apart by name: what words share and what a model makes of them are two things."""
    return BY_A_MODEL if one.source == ESTIMATE and one.name != LEXICAL else one.source


def who_says(one: Opinion) -> str:
    """The user of what users say and do; of all else its author. Computed scores carry the id of the answer's user."""
    return (one.user_id if one.source in (USER, SIGNAL) else one.author) or WORDS[one.source]


def line_of(one: Opinion) -> Line:
    parts = [
        Part(short_name(name), value, one.part_words.get(name, ""), one.reasons.get(name, ""))
        for name, value in one.parts.items()
    ]
    shown = [part for part in parts if part.name not in ("thumbs", "tone")]
    return Line(one, badge_of(one), who_says(one), shown)
