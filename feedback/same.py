"""What one user says twice of one answer is one, however answer and user were named: a rating, and a signal of each kind."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from feedback.ids import signal_id
from feedback.models import Source
from interactions.digest.compute import interaction_id_of
from interactions.reading.opinions import RATING

SIGNAL = "signal."  # before the kind, in the name of a score
Key = tuple[UUID, str, str]  # interaction, user, name
NEEDED = ("pk", "at", "source", "name", "score_id", "interaction_id", "trace_id", "user_id")


def key_of(project_id: int, said: Mapping[str, Any]) -> Key | None:
    """What is said, by NEEDED but `pk` and `at`, of an answer that is known. Two with one key are one.

    None for what stands for itself, as a signal that was sent with an id of its own.
    """
    is_rating = said["source"] == Source.USER and said["name"] == RATING
    if said["interaction_id"] and (is_rating or (said["source"] == Source.SIGNAL and _has_no_own_id(project_id, said))):
        return said["interaction_id"], said["user_id"], said["name"]
    return None


def earlier(project_id: int, rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Of rows with one key all but the latest, by their `pk`."""
    ordered = sorted(rows, key=lambda row: (row["at"], row["pk"]))
    keys = [(key, row["pk"]) for row in ordered if (key := key_of(project_id, row))]
    latest = dict(keys)
    return [pk for key, pk in keys if latest[key] != pk]


def _has_no_own_id(project_id: int, said: Mapping[str, Any]) -> bool:
    """Its id follows from the kind, a name of the answer, and the user, who may not have been named."""
    kind, interaction_id, trace_id = said["name"].removeprefix(SIGNAL), said["interaction_id"], str(said["trace_id"] or "")
    targets = {interaction_id.hex, trace_id, interaction_id_of(project_id, trace_id).hex}
    return said["score_id"] in {signal_id(kind, one, user) for one in targets for user in (said["user_id"], "")}
