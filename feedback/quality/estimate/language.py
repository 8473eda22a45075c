"""Language: whether question and answer are in the same one, by script and by the words that every sentence needs."""

from collections import Counter

from feedback.quality.estimate.measure import Finding, Measure, nothing
from feedback.quality.estimate.prepared import Prepared
from feedback.quality.estimate.sentences import Text
from feedback.quality.estimate.stop_words import WORDS

FEWEST_LETTERS = 20
LOOKED_AT = 2_000  # signs
FEWEST_HITS, CLEAR = 3, 1.5  # words of the language, and so many times those of the next
_SCRIPTS = (
    (0x0370, 0x03FF, "el"), (0x0400, 0x052F, "cyrillic"), (0x0590, 0x05FF, "he"), (0x0600, 0x06FF, "arabic"),
    (0x0900, 0x097F, "devanagari"), (0x0E00, 0x0E7F, "th"), (0x3040, 0x30FF, "ja"), (0x4E00, 0x9FFF, "han"),
    (0xAC00, 0xD7AF, "ko"),
)  # fmt: skip


def language(one: Prepared) -> Measure:
    asked, said = language_of(one.question), language_of(one.answer)
    if "und" in (asked, said):
        return nothing("the language of question or answer cannot be told")
    if asked == said:
        return Measure(1.0)
    return Measure(0.0, findings=[Finding(f"the question is in {asked}, the answer in {said}")])


def language_of(text: Text) -> str:
    """A code of ISO 639-1, the name of a script that several languages share, or `und` where it cannot be told."""
    letters = [sign for sign in text.text[:LOOKED_AT] if sign.isalpha()]
    scripts = Counter(filter(None, map(_script, letters)))
    if scripts.total() * 2 > len(letters) and (len(letters) >= FEWEST_LETTERS or scripts.total() >= FEWEST_LETTERS // 4):
        # Japanese has signs of its own among those that it shares with Chinese.
        return "ja" if scripts["ja"] * 10 > scripts.total() else scripts.most_common(1)[0][0]
    return "und" if len(letters) < FEWEST_LETTERS else _latin(text)


def _script(sign: str) -> str | None:
    code = ord(sign)
    return next((name for first, last, name in _SCRIPTS if first <= code <= last), None) if code >= 0x0370 else None


def _latin(text: Text) -> str:
    words = Counter(word.text.casefold().replace("’", "'") for word in text.words if word.start < LOOKED_AT)
    hits = Counter({name: sum(words[word] for word in known & words.keys()) for name, known in WORDS.items()})
    (first, most), (_, next_most) = hits.most_common(2)
    return first if most >= FEWEST_HITS and most >= CLEAR * next_most else "und"
