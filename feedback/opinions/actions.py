"""What an editor can have done with an answer, from the pages that show it."""

from collections.abc import Sequence
from uuid import UUID

from interactions.reading.opinions import Action


def actions_for(slug: str, interaction_id: UUID) -> Sequence[Action]:
    return ()
