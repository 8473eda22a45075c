"""Which passages an answer may stand on: sentence by sentence, by the words they share and by the marks that cite.

It compares words, not meaning: "in" is found in no text that only means the same, and a sentence that turns a passage
around finds all of its words there. How well it agrees with people is measured in docs/explanation/traces-sessions-users.md.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

ENOUGH = 0.8  # share of the words of a sentence that must be in a passage; chosen on begin_wow_dev.tsv
MAX_CHARS = 20_000  # of an answer
MAX_PASSAGE_CHARS = 50_000
MAX_SOURCES = 3  # shown for a sentence, the best ones
STEM_CHARS = 5  # what is compared is the beginning of a word, so "accounting" is found in "accounts"

# What may end a sentence; what cites stays with it.
MARK = r"(?:\[[^\[\]\n]{1,60}\]|【[^【】\n]{1,60}】)"
# A run of stops is read once, from its first: from each of 20,000 to the last took ten seconds.
END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)]*+(?=\s|$|\[|【)|[。！？]+[」』”’]*|\n+")
BEFORE = re.compile(r"(?:^|[\s(\[])([\w.]+)\s?$")  # the word that a full stop follows
ABBREVIATIONS = frozenset("al approx cf dr e.g eg etc fig i.e ie inc jr ltd mr mrs ms no pp prof sr st vs".split())
TRAILING = re.compile(rf"(?:[ \t]*{MARK})*\s*")
CITES = re.compile(r"\[([^\[\]\n]{1,60})\]|【([^【】\n]{1,60})】")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
WITHOUT_SPACES = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0eff]")
COMMON = frozenset(
    (
        "a about after again all also am an and any are as at be because been before being but by can could did do does "
        "doing done down each even few for from further get got had has have having he her here hers him his how i if in "
        "into is it its just know let like may me might more most much must my no nor not now of off on once one only or "
        "other our out over own per really same she should so some such than that the their them then there these they "
        "this those though through to too under until up upon us very was we well were what when where which while who "
        "whom whose why will with within would yes you your"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Source:
    """A passage by its place in the list. `share` of the sentence's words are in it; `is_cited`: a mark names it."""

    place: int
    share: float
    is_cited: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, with the space behind it. One without words that tell anything is not looked up: `is_checked`."""

    text: str
    is_checked: bool
    sources: tuple[Source, ...] = ()


def find_claims(answer: str, passages: Sequence[str], names: Sequence[Collection[str]] = ()) -> list[Claim]:
    """Return the sentences of the answer, which together are the answer, each with the passages that it may stand on.

    `names` are the ids and sources by which a mark like [doc-3] may name each passage; [2] names the second one.
    """
    known = [words_of(passage[:MAX_PASSAGE_CHARS]) for passage in passages]
    cited = {name.casefold(): place for place, some in enumerate(names) for name in some if name}
    return [_claim(sentence, known, cited) for sentence in sentences(answer)]


def sentences(text: str) -> Iterator[str]:
    """Split a text without losing a character. Abbreviations, initials and decimals end no sentence."""
    start = 0
    for end in END.finditer(text):
        if end.start() < start or (end.group().startswith(".") and _is_abbreviation(text[start : end.start()])):
            continue
        stop = _behind_marks(text, end.end())
        if text[start:stop].strip() or not start:
            yield text[start:stop]
            start = stop
    if start < len(text):
        yield text[start:]


def _is_abbreviation(before: str) -> bool:
    found = BEFORE.search(before[-40:])
    word = found[1] if found else ""
    return word.casefold() in ABBREVIATIONS or (len(word) == 1 and word.isalpha())


def _behind_marks(text: str, place: int) -> int:
    trailing = TRAILING.match(text, place)
    return trailing.end() if trailing else place


def words_of(text: str) -> frozenset[str]:
    """The words that tell something, by their beginnings. Scripts without spaces are compared by pairs of signs."""
    found: set[str] = set()
    for word in WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        if WITHOUT_SPACES.search(word):
            found |= {word[place : place + 2] for place in range(max(1, len(word) - 1))}
        elif word not in COMMON and (len(word) > 1 or word.isdigit()):
            found.add(word if word[0].isdigit() else word[:STEM_CHARS])
    return frozenset(found)


def _claim(sentence: str, known: Sequence[frozenset[str]], cited: dict[str, int]) -> Claim:
    marks = [one for found in CITES.findall(sentence) for one in _parts(found[0] or found[1])]
    places = {place for mark in marks if (place := _place_of(mark, len(known), cited)) is not None}
    words = words_of(CITES.sub(" ", sentence))
    shares = {place: len(words & there) / len(words) for place, there in enumerate(known)} if words else {}
    sources = [
        Source(place, share, place in places)
        for place in {*places, *shares}
        if (share := shares.get(place, 0.0)) >= ENOUGH or place in places
    ]
    sources.sort(key=lambda source: (not source.is_cited, -source.share, source.place))
    return Claim(sentence, bool(words or places), tuple(sources[:MAX_SOURCES]))


def _parts(mark: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,;]", mark)]


def _place_of(mark: str, count: int, cited: dict[str, int]) -> int | None:
    """The passage that a mark names; 【4†source】 is how some assistants write [4]."""
    name = mark.partition("†")[0].strip().lstrip("^").casefold()
    if name in cited:
        return cited[name]
    return int(name) - 1 if name.isascii() and name.isdigit() and len(name) < 5 and 1 <= int(name) <= count else None
