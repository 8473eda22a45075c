"""Ratings as the pages of sessions and users weigh them."""

from collections.abc import Iterable

from interactions.reading.opinions import NOT_SCORABLE, Opinion
from interactions.reading.turns import Feedback

TEXT_CHARS = 300


def feedback_in(opinions: Iterable[Opinion]) -> list[Feedback]:
    """What users said, of all that is said, in the same order."""
    return [
        Feedback(
            one.at,
            one.value,
            one.is_helpful,
            one.comment[:TEXT_CHARS],
            frozenset({str(one.interaction_id)}) if one.interaction_id else frozenset(),
        )
        for one in opinions
        if one.is_rating and one.state != NOT_SCORABLE
    ]
