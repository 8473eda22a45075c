"""Answers for a judge, about one river."""

from datetime import UTC, datetime
from uuid import uuid4

from feedback.quality.evaluator import Request
from feedback.quality.exchanges import Exchange
from interactions.models import Interaction

SOURCES = (
    "The Amazon is a river in South America. The Amazon is 6400 km long.",
    "The Amazon has 1100 tributaries. The Amazon flows into the Atlantic.",
)
QUESTION = "How long is the Amazon river?"
GOOD = "The Amazon is 6400 km long. The Amazon has 1100 tributaries."
BAD = "The Amazon is 9000 km long. Bananas are yellow fruit."


def request(answer: str = GOOD, *, passages=SOURCES, reference="", question=QUESTION, threshold=0.7, **options) -> Request:
    interaction = Interaction(interaction_id=uuid4(), asked_at=datetime(2026, 1, 1, tzinfo=UTC))
    return Request(Exchange(interaction, question, answer, tuple(passages), reference), threshold, options)
