"""What the applications are asked, and what they know."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

CONTENT = Path(__file__).parent / "content"
OPENINGS = ("Hi, ", "Hello! ", "Quick question: ", "Please help: ", "Sorry to ask again, ")
FOLLOW_UPS = ("Also, ", "OK, and ", "Thanks. ", "One more thing: ")
NOT_FOUND = "I could not find this in the documents I have. Could you rephrase the question, or name the topic?"


@dataclass(frozen=True, slots=True)
class Fact:
    question: str
    answer: str
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    name: str
    category: str
    source: str
    word: str
    facts: tuple[Fact, ...]


@cache
def subjects_of(app: str) -> tuple[Subject, ...]:
    tables = tomllib.loads((CONTENT / f"{app}.toml").read_text(encoding="utf-8"))["subject"]
    return tuple(
        Subject(
            name=table["name"],
            category=table["category"],
            source=table.get("source", ""),
            word=table.get("word", ""),
            facts=tuple(Fact(*fact) for fact in table["facts"]),
        )
        for table in tables
    )


def as_typed(question: str, *, is_follow_up: bool, rng: Random) -> str:
    """The question as somebody in a hurry writes it."""
    roll = rng.random()
    if is_follow_up and roll < 0.35:
        return _begin(rng.choice(FOLLOW_UPS), question)
    if roll < 0.12:
        return _begin(rng.choice(OPENINGS), question)
    if roll > 0.82:
        return question.lower().rstrip("?.")
    return question


def _begin(opening: str, question: str) -> str:
    goes_on = opening.endswith(", ") and not question.startswith("I ")
    return opening + (question[0].lower() + question[1:] if goes_on else question)


def passages_for(
    subject: Subject, fact: Fact, others: tuple[Subject, ...], *, count: int, rng: Random
) -> list[dict[str, Any]]:
    """The passages that a retriever finds, best first: the one with the answer, its neighbours, and a stray one."""
    place = subject.facts.index(fact)
    found = [_passage(subject, place, round(rng.uniform(0.78, 0.94), 4))]
    score = found[0]["score"]
    for other in rng.sample([index for index in range(len(subject.facts)) if index != place], count - 2):
        score = round(score - rng.uniform(0.03, 0.11), 4)
        found.append(_passage(subject, other, score))
    stray = rng.choice([other for other in others if other is not subject])
    return [*found, _passage(stray, rng.randrange(len(stray.facts)), round(score - rng.uniform(0.05, 0.15), 4))]


def stray_passages(others: tuple[Subject, ...], *, count: int, rng: Random) -> list[dict[str, Any]]:
    """What a retriever finds when it has nothing that fits."""
    scores = sorted((round(rng.uniform(0.28, 0.49), 4) for _ in range(count)), reverse=True)
    return [
        _passage(subject, rng.randrange(5), score) for subject, score in zip(rng.sample(others, count), scores, strict=True)
    ]


def _passage(subject: Subject, place: int, score: float) -> dict[str, Any]:
    """A chunk as splitters make them: its heading, the sentence, and the one that follows."""
    following = subject.facts[(place + 1) % len(subject.facts)].answer
    return {
        "id": f"{subject.name.lower().replace(' ', '-')}-{place + 1}",
        "text": f"{subject.name}. {subject.facts[place].answer} {following}",
        "score": score,
        "source": subject.source,
    }
