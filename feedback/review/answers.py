"""What a reviewer answered, read from the form."""

from collections.abc import Mapping
from dataclasses import dataclass

from feedback.models import Rubric
from feedback.models.score import MAX_COMMENT
from feedback.review.rubrics import SCALE, questions_of

PASS, FAIL = "pass", "fail"


@dataclass(frozen=True, slots=True)
class Answers:
    """`parts`: 1 or 0 of a yes-or-no question, 1 to 5 of a scale, None where the reviewer left it open."""

    version: int
    is_passed: bool
    parts: Mapping[str, float | None]
    category: str = ""
    comment: str = ""


class WrongAnswer(Exception):
    """Why the form cannot be taken; `field` is the part of it."""

    def __init__(self, field: str, reason: str):
        super().__init__(reason)
        self.field = field


def read_answers(form: Mapping[str, str], rubric: Rubric) -> Answers:
    """WrongAnswer for what does not fit the rubric as it is now."""
    if form.get("rubric") != str(rubric.version):
        raise WrongAnswer("rubric", "The questions were changed meanwhile. Look at them again.")
    verdict = form.get("verdict", "")
    if verdict not in {PASS, FAIL}:
        raise WrongAnswer("verdict", "Say whether the answer passes or fails.")
    category = form.get("category", "") if verdict == FAIL else ""
    if category and category not in rubric.categories:
        raise WrongAnswer("category", "Choose one of the kinds of failure.")
    comment = form.get("comment", "").strip()
    if len(comment) > MAX_COMMENT or "\x00" in comment:
        raise WrongAnswer("comment", f"A comment has at most {MAX_COMMENT:,} characters, and no NUL.")
    return Answers(rubric.version, verdict == PASS, _parts(form, rubric), category, comment)


def _parts(form: Mapping[str, str], rubric: Rubric) -> dict[str, float | None]:
    found: dict[str, float | None] = {}
    for one in questions_of(rubric):
        given = form.get(f"q-{one.key}", "")
        known = {"1", "2", "3", "4", "5"} if one.kind == SCALE else {"0", "1"}
        if given and given not in known:
            raise WrongAnswer(f"q-{one.key}", "Choose one of the answers that are offered, or leave it open.")
        found[one.key] = float(given) if given else None
    return found
