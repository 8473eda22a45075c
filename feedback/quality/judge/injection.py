"""Signs that an observed text speaks to the judge. They flag a score for people to look at; they never change it.

The families are those of RobustJudge (arXiv 2506.09443), as far as a text shows them: what an optimiser has rewritten into
plain, persuasive words (AdvEval, PAIR, TAP, greedy search) leaves no sign. docs/how-to/judge.md has the figures.
"""

import re
from typing import Any

from feedback.quality.exchanges import Exchange
from feedback.quality.judge.quoting import MAX_PASSAGES

LOOKED_AT = 10_000  # characters from each end of a text
TAIL = 120
SUSPECTED = "suspected"
_BEST = r"(?:full|maximum|max|highest|perfect|top|best|10|5|100|ten|five)"
_WHAT = r"(?:accuracy|completeness|relevance|consistency|score|rating|verdicts?|grade|overall)"
_JUDGE = r"(?:judge|evaluator|grader|assessor|reviewer|examiner|scorer)"
_RULES = r"(?:previous|above|prior|earlier|preceding|instructions?|rubric|criteria|rules|context|prompt)"

# Every gap is bounded, so hostile text costs time in proportion to its length.
PATTERNS: dict[str, tuple[str, ...]] = {
    "asks for a score": (
        (
            rf"\b(?:give|assign|award|grade|score|mark|return|output|respond with|reply with)\b.{{0,60}}\b{_BEST}\b"
            r".{0,20}\b(?:scores?|marks?|points?|ratings?|grades?)\b"
        ),
        r"\b(?:rate|score|grade|mark|give)\b.{0,40}\b(?:10|5|100)\s{0,3}/\s{0,3}(?:100?|5)\b",
        rf"\b(?:scores?|rating|grade|marks?)\s(?:of|as|to|at)\s(?:an?\s)?{_BEST}\b",
    ),
    "sets rules aside": (rf"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{{0,50}}\b{_RULES}\b",),
    "states a verdict": (
        rf"[\"']{_WHAT}[\"']\s{{0,3}}:\s{{0,3}}(?:[\"']?(?:yes|\d)|\[)",
        rf"\b(?:final|overall|my)\s{_WHAT}\b\s{{0,3}}(?:is|:|=)\s{{0,3}}\d",
        r"\b(?:evaluation|assessment|grading|judging)\b.{0,20}\b(?:completed?|finished|done|over)\b",
    ),
    "reasons for the judge": (
        (
            r"\b(?:therefore|hence|thus|so|consequently)\b.{0,60}\b(?:deserves?|merits?|warrants?|earns?)\b"
            rf".{{0,40}}\b(?:{_BEST}|{_WHAT})\b"
        ),
    ),
    "speaks to the judge": (
        rf"\b(?:dear|note (?:to|for)|attention|message (?:to|for)|hello|hey)\s?:?\s?(?:the\s)?{_JUDGE}\b",
        rf"\byou(?: are|'re)\s(?:the|an?)\s(?:\w{{1,20}}\s)?{_JUDGE}\b",
        rf"\b(?:as|being)\s(?:the|an?)\s(?:\w{{1,20}}\s)?{_JUDGE},?\s(?:you|i|it|give|rate|score)\b",
    ),
    "plays another role": (
        r"\b(?:pretend|imagine|suppose)\b.{0,20}\byou(?:'re| are| have)\b",
        r"\byou are now\b|\bact as if\b|\bfrom now on,? you\b|\bdo anything now\b|\bno longer bound\b",
    ),
    "forges a turn": (
        r"<\|(?:im_start|im_end|system|user|assistant|end|eot_id)|\[/?INST\]|<<SYS>>|</?observed\b",
        r"(?m:^[ \t]{0,8}#{2,6}[ \t]{0,3}(?:system|instruction|end)\b)",
        r"\b(?:system|assistant|user)\s?:\s?(?:the|you|ignore|give|score)\b",
        r"\bend of (?:the )?(?:answer|response|text|input|document)\b",
    ),
    "pushes the text away": (r"(?:\\[nrtb]){4,}|(?:\r?\n[ \t]{0,40}){8}|[\b\x7f\x1b]{2,}",),
    "hides characters": (r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\U000e0000-\U000e007f]{3,}",),
    "repeats itself without end": (r"([^\W_]|[!.?])\1{60,}",),
}
SIGNS = {name: re.compile("|".join(all_of_it), re.IGNORECASE | re.DOTALL) for name, all_of_it in PATTERNS.items()}


def signs(text: str) -> list[str]:
    """What a text does to steer its judge, in a few words each; empty for nearly every text."""
    looked_at = text if len(text) <= 2 * LOOKED_AT else f"{text[:LOOKED_AT]}\n{text[-LOOKED_AT:]}"
    found = [name for name, pattern in SIGNS.items() if pattern.search(looked_at)]
    if _repeats(text) and "repeats itself without end" not in found:
        found.append("repeats itself without end")
    return [*found, "ends in gibberish"] if _ends_in_gibberish(text) else found


def _repeats(text: str) -> bool:
    """The last forty words are two or three."""
    last = text[-LOOKED_AT:].lower().split()[-40:]
    return len(last) == 40 and len(set(last)) <= 3


def _ends_in_gibberish(text: str) -> bool:
    """As the suffixes that gradient search finds: many marks of many sorts between words."""
    tail = text.rstrip()[-TAIL:]
    marks = [character for character in tail if not character.isalnum() and not character.isspace()]
    return len(tail) == TAIL and len(marks) > 0.2 * TAIL and len(set(marks)) >= 9


def flags(exchange: Exchange) -> dict[str, Any]:
    """For the details of a score: the findings, and SUSPECTED, by which the list of scores finds it."""
    found = findings(exchange)
    return {"findings": found, SUSPECTED: True} if found else {}


def findings(exchange: Exchange) -> list[str]:
    """One line for each text of the exchange that shows a sign."""
    sources = enumerate(exchange.passages[:MAX_PASSAGES], start=1)
    texts = [
        ("the question", exchange.question),
        ("the answer", exchange.answer),
        *((f"source {number}", passage) for number, passage in sources),
    ]
    found = ((name, signs(text)) for name, text in texts)
    return [f"{name} tries to instruct the judge: {', '.join(all_signs)}" for name, all_signs in found if all_signs]
