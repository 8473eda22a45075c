"""The table of scores as the roll-up reads it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Substr

from feedback.models import Score, State
from feedback.models import Source as By
from feedback.scores import SOURCE_NAME
from observatory.metrics.catalogue import Label, Source
from observatory.metrics.times import times_by_day

ROWS_A_FETCH = 5_000
RATING = "rating"
# Stars or a thumb for an answer that is known.
RATED = Q(source=By.USER, name=RATING, state=State.SCORED, interaction_id__isnull=False) & (
    Q(value__isnull=False) | Q(parts__has_key="thumbs")
)
REASON_CHARS = 100
COLUMNS = tuple(
    (
        "at name source state value label is_passed parts version author cost_usd input_tokens output_tokens attempts "
        "interaction_id user_id session_id model model_version environment category prompt_name prompt_version confidence "
        "has_comment reason is_again"
    ).split()
)
# What dimensions of an answer its scores are told apart by.
MODEL, VERSION, ENVIRONMENT = Label("model"), Label("model_version"), Label("environment", empty="default")
NONE = "none"  # the label of what was not said
CATEGORY = Label("category", empty=NONE)
PROMPT_NAME, PROMPT_VERSION = Label("prompt_name", empty=NONE), Label("prompt_version", empty=NONE)
OF_ANSWER = (MODEL, VERSION, ENVIRONMENT)


def _rows(project_id: int, start: datetime, end: datetime) -> Iterable[tuple[Any, ...]]:
    """`reason` is why there is no value; a comment is a text that may be long, so only whether there is one is read.

    `is_again`: its answer was rated, or given a thumb, before. Who writes scores marks the minutes where that changes.
    """
    window = Score.objects.for_project(project_id).filter(at__gte=start, at__lt=end)
    told = window.annotate(
        has_comment=ExpressionWrapper(~Q(comment=""), output_field=BooleanField()),
        reason=Case(
            When(state=State.SCORED, then=Value("")),
            default=Substr(F("comment"), 1, REASON_CHARS),
            output_field=TextField(),
        ),
        is_again=Case(When(RATED, then=Exists(_rated_before())), default=Value(False)),
    )
    return told.values_list(*COLUMNS).iterator(ROWS_A_FETCH)


def _rated_before() -> QuerySet[Score]:
    """What users said of the same answer before; those of one moment are in the order of their keys."""
    same = Score.objects.filter(RATED, project=OuterRef("project"), interaction_id=OuterRef("interaction_id"))
    return same.filter(Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), id__lt=OuterRef("id")))


SCORES = Source(
    SOURCE_NAME,
    "One verdict on an answer: of a user, a reviewer, a judge, an estimate or the application.",
    COLUMNS,
    _rows,
    times_by_day(Score.objects.all(), "at"),
    partition="source",
)
