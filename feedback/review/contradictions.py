"""Answers on which a judge and a user disagree: the judge passed what was rated low, or failed what was rated high."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from feedback.models import Score, Source, State
from feedback.reading.newest import newest
from interactions.reading.opinions import BAD_RATING, GOOD_RATING, RATING

MOST_RATINGS = 2_000


def contradicted(project_id: int, *, since: datetime) -> list[UUID]:
    """Newest first, among the newest MOST_RATINGS ratings. Several judges pass an answer only together."""
    moods = _moods(project_id, since)
    passed = _passed(project_id, list(moods))
    return [one for one, is_happy in moods.items() if one in passed and passed[one] is not is_happy]


def _moods(project_id: int, since: datetime) -> dict[UUID, bool]:
    """Whether each answer was rated high; those in between are left out."""
    rows = newest(project_id, RATING, MOST_RATINGS, since=since)
    found: dict[UUID, bool] = {}
    for interaction_id, value, parts, *said in rows.values_list("interaction_id", "value", "parts", "source", "state"):
        mood = is_happy(value, parts) if said == [Source.USER, State.SCORED] else None
        if interaction_id and mood is not None:
            found.setdefault(interaction_id, mood)
    return found


def is_happy(value: float | None, parts: dict[str, float | None]) -> bool | None:
    """Whether a rating is a high one, None if it is neither. A thumb counts where no rating was given."""
    if value is None:
        thumb = parts.get("thumbs")
        return None if thumb is None else bool(thumb)
    return True if value >= GOOD_RATING else False if value <= BAD_RATING else None


def _passed(project_id: int, ids: list[UUID]) -> dict[UUID, bool]:
    rows = Score.objects.for_project(project_id).of(Source.JUDGE).scored().filter(interaction_id__in=ids)
    verdicts: dict[UUID, list[bool]] = defaultdict(list)
    for interaction_id, is_passed in rows.exclude(is_passed=None).values_list("interaction_id", "is_passed"):
        if interaction_id:
            verdicts[interaction_id].append(bool(is_passed))
    return {interaction_id: all(said) for interaction_id, said in verdicts.items()}
