"""What reviewers are asked. A project without a rubric of its own has the default one; each change is a new version."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from feedback.models import Rubric

YES_NO, SCALE = "yes_no", "scale"
MOST_QUESTIONS, MOST_CATEGORIES = 6, 20
LONGEST_QUESTION, LONGEST_CATEGORY = 200, 60


@dataclass(frozen=True, slots=True)
class Question:
    """`key` names its part of the verdict and stays when the words change. `kind`: yes or no, or a scale from 1 to 5."""

    key: str
    question: str
    kind: str = YES_NO
    help: str = ""


DEFAULT_QUESTIONS = (
    Question("correct", "Is the answer correct?", help="As far as you know, and as the passages say."),
    Question("grounded", "Is all of it in the passages?", help="Leave it open if no passage was retrieved."),
    Question("answers", "Does it answer the question?", help="All of the question, and not another one."),
)
DEFAULT_CATEGORIES = (
    "wrong fact",
    "made up",
    "incomplete",
    "off topic",
    "wrong passages",
    "refused without need",
    "form or language",
    "other",
)


def rubric_of(project_id: int) -> Rubric:
    """The project's rubric; where there is none the default one, not stored."""
    return Rubric.objects.filter(project_id=project_id).first() or _default(project_id)


def stored_rubric(project_id: int, *, now: datetime) -> Rubric:
    """The project's rubric, stored now if it was not."""
    default = _default(project_id)
    values = {"questions": default.questions, "categories": default.categories, "changed_at": now}
    return Rubric.objects.get_or_create(project_id=project_id, defaults=values)[0]


def questions_of(rubric: Rubric) -> list[Question]:
    return [Question(**one) for one in rubric.questions]


@transaction.atomic
def change_rubric(
    project_id: int,
    *,
    questions: Sequence[Question],
    categories: Sequence[str],
    sample_rate: float,
    second_share: float,
    by: str,
    now: datetime,
) -> Rubric:
    """Store what is asked and how much is drawn. Another wording is another version; another share is not."""
    stored_rubric(project_id, now=now)
    rubric = Rubric.objects.select_for_update().get(project_id=project_id)
    asked = ([asdict(one) for one in questions], list(categories))
    if asked != (rubric.questions, rubric.categories):
        rubric.questions, rubric.categories = asked
        rubric.version += 1
    rubric.sample_rate, rubric.second_share = sample_rate, second_share
    rubric.changed_by, rubric.changed_at = by[:160], now
    rubric.save()
    return rubric


def key_for(words: str, taken: Sequence[str]) -> str:
    """A key for a new question: its first letters and digits, different from those that are taken."""
    base = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:30] or "question"
    free = (name for number in range(1, 100) if (name := base if number == 1 else f"{base}_{number}") not in taken)
    return next(free)


def _default(project_id: int) -> Rubric:
    questions = [asdict(one) for one in DEFAULT_QUESTIONS]
    return Rubric(project_id=project_id, questions=questions, categories=list(DEFAULT_CATEGORIES))
