"""Refusal: whether the answer says that it does not answer."""

import re

from feedback.quality.estimate.measure import Finding, Measure, nothing
from feedback.quality.estimate.prepared import Prepared

LOOKED_AT = 400  # signs from the beginning
# An answer that goes on for long after such words has answered something. Words with content.
MOST_WORDS = 60
_REFUSING = re.compile(
    r"\bI(?:'m| am) (?:sorry|afraid)\b"
    r"|\bI (?:cannot|can't|can not|could not|couldn't|am unable|am not able)\b|\bI'm (?:unable|not able)\b"
    r"|\bI (?:don't|do not) (?:know|have (?:any |enough |access|the |sufficient )|understand)"
    r"|\bas an AI\b|\b(?:cannot|can't|unable to) (?:answer|assist|help|provide|determine)\b"
    r"|\b(?:no|not enough|insufficient) (?:relevant )?information\b"
    r"|\b(?:sources?|context|documents?|passages?) (?:do|does) not (?:contain|mention|provide|say|include)\b"
    r"|\b(?:ich kann (?:leider )?(?:nicht|keine)|leider kann ich|tut mir leid|weiß ich (?:leider )?nicht)\b"
    r"|\b(?:désolé|je ne peux pas|je ne sais pas|lo siento|no puedo|no lo sé|mi dispiace|non posso|desculpe|não posso)\b",
    re.IGNORECASE,
)


def refusal(one: Prepared) -> Measure:
    """1 for an answer that answers, 0 for one that refuses."""
    if not one.answer.words:
        return nothing("the answer has no words")
    match = _REFUSING.search(one.answer.text.replace("’", "'"), 0, LOOKED_AT)
    content = sum(len(sentence.content) for sentence in one.answer.sentences)
    if not match or content > MOST_WORDS:
        return Measure(1.0)
    return Measure(0.0, findings=[Finding("the answer refuses, or says that it does not know", *match.span())])
