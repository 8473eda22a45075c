"""The embedding estimate of an answer: whether it speaks of what was asked, also in other words."""

from collections.abc import Mapping, Sequence
from typing import Any

from feedback.models import Source, State
from feedback.quality.catalogue import declare
from feedback.quality.embedding.installed import require
from feedback.quality.embedding.named import NAME, TITLE
from feedback.quality.estimate.language import language_of
from feedback.quality.estimate.prepared import MOST_OF_ANSWER, MOST_OF_QUESTION, prepare
from feedback.quality.estimate.sentences import Text
from feedback.quality.evaluator import Evaluate, Evaluator, Request, Result

VERSION = "MiniLM-L6 int8 1"
MOST = {"question": MOST_OF_QUESTION, "answer": MOST_OF_ANSWER}  # signs that are read
LAST_LATIN = "\u024f"  # of Latin Extended-B
READS = ("en", "und")  # what cannot be told is taken for English: names, code, a few words
FAILED = "the interaction failed"
EMPTY = "the {} has no words with content"
FOREIGN = "the {} is in a language ({}) that the model does not read"
SCRIPT = "the {} is in letters that the model does not read"


def load() -> Evaluate:
    require()
    return evaluate


def evaluate(requests: Sequence[Request], judge: Any = None) -> list[Result]:
    return [relevance(request) for request in requests]


def relevance(request: Request) -> Result:
    from feedback.quality.embedding.model import likeness
    from feedback.quality.embedding.pieces import windows_of

    exchange = request.exchange
    if exchange.interaction.is_error:
        return Result(State.NOT_SCORABLE, reason=FAILED)
    one = prepare(exchange.question, exchange.answer)
    texts = {"question": one.question, "answer": one.answer}
    if reason := next(filter(None, (_why_not(name, text) for name, text in texts.items())), ""):
        return Result(State.NOT_SCORABLE, reason=reason)
    asked, said = windows_of(one.question.text), windows_of(one.answer.text)
    value, windows = likeness(asked, said), {"question": len(asked), "answer": len(said)}
    cut = [name for name, whole in (("question", exchange.question), ("answer", exchange.answer)) if len(whole) > MOST[name]]
    details = {"is_cut": bool(cut), "windows": windows}
    return Result(State.SCORED, round(min(1.0, max(0.0, value)), 4), reason=_said(cut, windows), details=details)


def _why_not(name: str, text: Text) -> str:
    if not text.content:
        return EMPTY.format(name)
    letters = [sign for sign in text.text if sign.isalpha()]
    if sum(sign <= LAST_LATIN for sign in letters) * 2 < len(letters):
        return SCRIPT.format(name)
    language = language_of(text)
    return "" if language in READS else FOREIGN.format(name, language)


def _said(cut: Sequence[str], windows: Mapping[str, int]) -> str:
    """How a long text was read: not as those on which the model was trained."""
    said = [f"only the first {MOST[name]:,} signs of the {name} were read" for name in cut]
    return "; ".join(said + [f"the {name} was read in {n} parts, by their mean" for name, n in windows.items() if n > 1])


declare(
    Evaluator(
        name=NAME,
        title=TITLE,
        source=Source.ESTIMATE,
        version=VERSION,
        means=(
            "How near question and answer are in meaning, by the cosine of their embeddings: whether the answer speaks of "
            "what was asked, also in other words. Good for ranking; it is no share of anything."
        ),
        misses=(
            "Whether it is true, complete or borne out by sources: a wrong answer about the same thing scores as high. It "
            "reads English only, and a text of more than some 190 words in parts, of which it takes the mean."
        ),
        load=load,
        is_heavy=True,
    )
)
