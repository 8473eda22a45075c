"""What an answer must have to be judged, looked at before anything is asked: a judge gives nothing a good score."""

from feedback.quality.evaluator import Evaluator, Needs, Request
from feedback.quality.exchanges import Exchange


def why_not(evaluator: Evaluator, request: Request) -> str:
    """Why an evaluator does not apply to the answer; empty if it does."""
    exchange = request.exchange
    if evaluator.has_judge and not has_words(exchange.answer):
        return "not applicable: the answer has no words"
    missing = next((need for need in evaluator.needs if not _has(exchange, need)), None)
    return f"not applicable: there is no {WORDS[missing]}" if missing else ""


WORDS = {Needs.PASSAGES: "source with words", Needs.REFERENCE: "reference answer"}


def _has(exchange: Exchange, need: Needs) -> bool:
    if need is Needs.PASSAGES:
        return any(map(has_words, exchange.passages))
    return has_words(exchange.reference)


def has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)
