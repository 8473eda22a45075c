"""How good the made-up answers are: most say what the documents say, some are wrong, invented, beside the point or vague.

What an answer is follows from its turn alone, so whoever asks again is told the same: the application, its users, reviewers.
"""

import re
from dataclasses import dataclass
from random import Random

from observatory.demo.library import subjects_of
from observatory.demo.turns import Turn

GOOD, WRONG_NUMBER, INVENTED, ELSEWHERE, VAGUE = "good", "wrong number", "invented", "elsewhere", "vague"
# The share of flawed answers before and after the change of models: it helped two applications and harmed one.
FLAWED = {
    "enterprise_rag": (0.09, 0.05),
    "graph_chat": (0.17, 0.07),
    "mood_food": (0.05, 0.18),
    "rag_assistant": (0.09, 0.09),
    "sign_language": (0.08, 0.07),
}
FLAWS = (WRONG_NUMBER, INVENTED, ELSEWHERE, VAGUE)
WITHOUT_SOURCES = (ELSEWHERE, VAGUE)
INVENTIONS = (
    "Exceptions are decided by the regional office in Lisbon, usually on the second Tuesday of a quarter.",
    "Since last spring a handling fee of 45 euros is charged for it, which Ms Okonkwo can waive.",
    "This needs the written consent of two directors and a notary, as the Helsinki ruling demands.",
    "Customers of the Platinum plan skip all of this with the voucher BLUEBIRD.",
)
EVASIONS = (
    "That depends on many things, so it is hard to say in general.",
    "There are different views on this; please look at the website or ask a colleague who knows.",
    "It varies. Usually it works out fine if one plans ahead.",
)
NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Given:
    """`kind` is GOOD or a flaw."""

    text: str
    kind: str = GOOD


def answer_to(turn: Turn, app: str) -> Given:
    """The answer of an application, without its way of citing."""
    rng = Random(f"{turn.session_id} {turn.place} answer")
    before, after = FLAWED[app]
    if rng.random() >= (before if turn.is_before_change else after):
        return Given(turn.fact.answer)
    return _flawed(turn, app, rng.choice(FLAWS if turn.subject.source else WITHOUT_SOURCES), rng)


def _flawed(turn: Turn, app: str, kind: str, rng: Random) -> Given:
    answer = turn.fact.answer
    if kind == WRONG_NUMBER and NUMBER.search(answer):
        return Given(NUMBER.sub(lambda found: str(int(found[0]) + rng.choice((2, 5, 10))), answer, count=1), kind)
    if kind == ELSEWHERE:
        other = rng.choice([one for one in subjects_of(app) if one is not turn.subject])
        return Given(rng.choice(other.facts).answer, kind)
    if kind == VAGUE:
        return Given(rng.choice(EVASIONS), kind)
    return Given(f"{answer} {rng.choice(INVENTIONS)}", INVENTED)
