"""What people said of answers, beside what judges and estimates say of the same ones. Bounded: the newest of a window."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from feedback.models import ReviewItem, Score, Source, State
from feedback.review.queue import REVIEW
from observatory.stats.agreement import Agreement

MOST_ITEMS = 2_000
PASS, FAIL = "pass", "fail"


@dataclass(frozen=True, slots=True)
class Said:
    """A reviewer's verdict."""

    author: str
    is_passed: bool
    at: datetime
    label: str
    confidence: float | None
    is_changed: bool = False  # since it was first given: see feedback/review/correct.py


@dataclass(frozen=True, slots=True)
class Judgement:
    """A judge's or an estimate's verdict, by evaluator and version."""

    name: str
    version: str
    value: float | None
    is_passed: bool | None


@dataclass(slots=True)
class Reviewed:
    """An answer with its reviews by time, and the verdicts of machines. The first review is the person's verdict."""

    item: ReviewItem
    said: list[Said] = field(default_factory=list)
    judged: list[Judgement] = field(default_factory=list)
    estimated: list[Judgement] = field(default_factory=list)

    @property
    def is_passed(self) -> bool:
        return self.said[0].is_passed

    @property
    def differs(self) -> bool:
        """Whether two reviewers gave it different verdicts."""
        return len({one.is_passed for one in self.said}) > 1


def reviewed_answers(project_id: int, *, since: datetime | None, until: datetime | None = None) -> list[Reviewed]:
    """The answers asked in the window that people reviewed, newest first; three statements."""
    items = ReviewItem.objects.filter(project_id=project_id, reviews__gt=0)
    items = items.filter(asked_at__gte=since) if since else items
    items = items.filter(asked_at__lt=until) if until else items
    found = {item.interaction_id: Reviewed(item) for item in items.order_by("-id")[:MOST_ITEMS]}
    _add_said(project_id, found)
    _add_machines(project_id, found)
    return [one for one in found.values() if one.said]


def _add_said(project_id: int, found: Mapping[UUID, Reviewed]) -> None:
    own = Score.objects.for_project(project_id).of(Source.REVIEWER).scored()
    rows = own.filter(interaction_id__in=list(found), name=REVIEW).exclude(is_passed=None).order_by()
    columns = ("at", "id", "interaction_id", "author", "is_passed", "at", "label", "confidence", "details__changes")
    values = rows.values_list(*columns)
    # Sorted here: asked for in order, SQLite goes through all scores of the project.
    for _, _, interaction_id, author, is_passed, at, label, confidence, changes in sorted(values, key=lambda row: row[:2]):
        found[interaction_id].said.append(Said(author, is_passed, at, label, confidence, bool(changes)))


def _add_machines(project_id: int, found: Mapping[UUID, Reviewed]) -> None:
    own = Score.objects.for_project(project_id).of(Source.JUDGE, Source.ESTIMATE).filter(state=State.SCORED)
    columns = ("id", "interaction_id", "source", "name", "version", "value", "is_passed")
    rows = own.filter(interaction_id__in=list(found)).order_by().values_list(*columns)
    for _, interaction_id, source, *values in sorted(rows, key=lambda row: row[0]):
        one = found[interaction_id]
        (one.judged if source == Source.JUDGE else one.estimated).append(Judgement(*values))


def between_reviewers(answers: Sequence[Reviewed]) -> Agreement:
    """How far the first and the second reviewer of the answers that two have seen agree."""
    pairs = (one.said[:2] for one in answers if len(one.said) > 1)
    return Agreement.of((word(first.is_passed), word(second.is_passed)) for first, second in pairs)


def with_judges(answers: Sequence[Reviewed]) -> dict[tuple[str, str], Agreement]:
    """How far each judge, by evaluator and version, agrees with people: the first of a pair is the judge's word."""
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for one in answers:
        for judgement in one.judged:
            if judgement.is_passed is not None:
                pairs[judgement.name, judgement.version].append((word(judgement.is_passed), word(one.is_passed)))
    return {key: Agreement.of(some) for key, some in pairs.items()}


def word(is_passed: bool) -> str:
    return PASS if is_passed else FAIL
