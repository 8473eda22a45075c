"""The rows of a training export, in an order that does not change: by the time of the question, then as stored."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from feedback.models import Score, Source, State
from feedback.quality.exchanges import Exchange, exchanges
from feedback.submit import RATING
from feedback.training.buffer import Place, few_judged, next_exchanges
from feedback.training.wanted import Wanted

ROWS_A_PAGE = 200
COMPUTED = {Source.ESTIMATE: "estimate", Source.JUDGE: "judge", Source.APPLICATION: "application"}
ABOUT = ("model", "model_version", "provider", "environment", "prompt_name", "prompt_version", "category")
PEOPLE = ("user_id", "session_id")
Row = dict[str, Any]


def pages(project_id: int, wanted: Wanted) -> Iterator[tuple[list[Row], int]]:
    """Rows in pages, each with how many exchanges of the buffer it left out. Each page is read when it is asked for."""
    behind: Place | None = None
    among = few_judged(project_id)
    while True:
        some = next_exchanges(
            project_id, since=wanted.since, until=wanted.until, behind=behind, limit=ROWS_A_PAGE, among=among
        )
        if not some:
            return
        behind = some[-1].asked_at, some[-1].pk
        said = _scores(project_id, [one.interaction_id for one in some])
        rows = [_row(one, said[one.id], wanted) for one in exchanges(project_id, some)]
        kept = [row for row in rows if row["question"] and row["answer"] and _is_wanted(row, wanted)]
        yield kept, len(some) - len(kept)


def _scores(project_id: int, ids: Sequence[UUID]) -> dict[UUID, list[Score]]:
    """What is said of these exchanges; by who says it, then by time."""
    rows = Score.objects.for_project(project_id).filter(interaction_id__in=ids, state=State.SCORED)
    found: dict[UUID, list[Score]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one.source, one.name, one.at, one.score_id)):
        if row.interaction_id:
            found[row.interaction_id].append(row)
    return found


def _row(exchange: Exchange, said: Sequence[Score], wanted: Wanted) -> Row:
    one = exchange.interaction
    ratings = [score for score in said if score.source == Source.USER and score.name == RATING]
    values = [score.value for score in ratings if score.value is not None]
    thumbs = [bool(score.parts["thumbs"]) for score in ratings if score.parts.get("thumbs") is not None]
    row: Row = {
        "interaction_id": str(one.interaction_id),
        "asked_at": one.asked_at,
        "question": exchange.question,
        "passages": list(exchange.passages),
        "answer": exchange.answer,
        "reference": exchange.reference or None,
        **{name: getattr(one, name) or None for name in ABOUT},
        "confidence": one.confidence,
        "rating": _mean(values),
        "ratings": len(values),
        "thumbs_up": sum(thumbs),
        "thumbs_down": len(thumbs) - sum(thumbs),
        "comments": [score.comment for score in ratings if score.comment],
        "review": _review([score for score in said if score.source == Source.REVIEWER]),
        "scores": {word: _computed([one for one in said if one.source == source]) for source, word in COMPUTED.items()},
    }
    if wanted.with_signals:
        signals = Counter(score.name.removeprefix("signal.") for score in said if score.source == Source.SIGNAL)
        row["signals"] = dict(sorted(signals.items()))
    if wanted.with_people:
        row |= {name: getattr(one, name) or None for name in PEOPLE}
    return row


def _review(reviews: Sequence[Score]) -> dict[str, Any] | None:
    """The verdicts of reviewers, who are not named: what each said, and how many passed it."""
    if not reviews:
        return None
    return {
        "value": _mean([one.value for one in reviews if one.value is not None]),
        "reviews": len(reviews),
        "passed": sum(one.is_passed is True for one in reviews),
        "verdicts": [{"value": one.value, "is_passed": one.is_passed, "parts": one.parts} for one in reviews],
        "comments": [one.comment for one in reviews if one.comment],
    }


def _computed(scores: Sequence[Score]) -> dict[str, Any]:
    """The last score of each name, with the version of the method that made it."""
    return {
        one.name: {
            "value": one.value,
            "label": one.label or None,
            "is_passed": one.is_passed,
            "threshold": one.threshold,
            "version": one.version or None,
            "parts": one.parts,
        }
        for one in sorted(scores, key=lambda one: (one.name, one.scored_at, one.score_id))
    }


def _is_wanted(row: Row, wanted: Wanted) -> bool:
    rating = row["rating"]
    if wanted.min_rating is not None and (rating is None or rating < wanted.min_rating):
        return False
    if wanted.max_rating is not None and (rating is None or rating > wanted.max_rating):
        return False
    if wanted.reviewed and row["review"] is None:
        return False
    return all(_reaches(row["scores"], name, least) for name, least in wanted.judged_min.items())


def _reaches(scores: dict[str, Any], name: str, least: float) -> bool:
    """An estimate is no judgement: it lets nothing pass."""
    found = [scores[word][name]["value"] for word in ("judge", "application") if name in scores[word]]
    return bool(found) and all(value is not None and value >= least for value in found)


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 6) if values else None
