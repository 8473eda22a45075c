"""The latest of what users said: low ratings with the answers behind them, and comments."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from feedback.metrics.people import LOW_RATING, RATING, TONE_APART
from feedback.models import Score, ScoreQuerySet, Source, State
from interactions.models import Interaction
from observatory.core import formats
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.satisfaction import GROUP, NOTHING

ROWS = 8
LOOKED_AT = 2_000  # the latest ratings among which these are looked for
COMMENT_CHARS, QUESTION_CHARS = 240, 120
COLUMNS = ("id", "at", "value", "comment", "interaction_id", "trace_id", "model", "parts")
HEAD = (Column("At (UTC)", is_short=True), Column("Rating", is_number=True), Column("Comment"), Column("Question"))


def low_rated(asked: Asked) -> Content:
    seen = list(_ratings(asked).values_list("id", "value")[:LOOKED_AT])
    if not seen:
        return Content(reason=NOTHING)
    low = [pk for pk, value in seen if value is not None and value <= LOW_RATING]
    if not low:
        return Content(reason=f"None of the latest {len(seen):,} ratings of this time is {LOW_RATING} or less.")
    more = f"{len(low):,} of the latest {len(seen):,} ratings are {LOW_RATING} or less."
    return Content(
        table=Table((*HEAD, Column("Model")), _rows(asked, low[:ROWS], with_model=True), more=more),
        n=len(low),
        link=_list(asked, lowest=True),
    )


def comments(asked: Asked) -> Content:
    seen = _ratings(asked).values_list("id", "comment")[:LOOKED_AT]
    said = [pk for pk, comment in seen if comment.strip()]
    if not said:
        return Content(reason="No user wrote a comment in this time. Send `comment` to `POST /api/v1/feedback/explicit`.")
    head = (*HEAD, Column("Tone"))
    return Content(
        table=Table(head, _rows(asked, said[:ROWS], with_model=False)),
        n=len(said),
        n_of="of the latest ratings",
        link=_list(asked),
    )


def _list(asked: Asked, *, lowest: bool = False) -> Link:
    return drill.scores(asked, RATING, **({"sort": "lowest"} if lowest else {}))


def _ratings(asked: Asked) -> ScoreQuerySet:
    """Those of users in the window, newest first, by the index of names. An application may send a `rating` of its own."""
    rows = Score.objects.for_project(asked.project_id).filter(name=RATING, source=Source.USER, state=State.SCORED)
    window = rows.filter(at__gte=asked.window.start, at__lt=asked.window.end, **drill.narrowed(asked))
    return window.newest_first()


def _rows(asked: Asked, ids: Sequence[int], *, with_model: bool) -> list[list[Cell]]:
    found = Score.objects.filter(pk__in=ids).newest_first().values(*COLUMNS)
    rows = list(found)
    questions = _questions(asked.project_id, [row["interaction_id"] for row in rows if row["interaction_id"]])
    return [[*_cells(asked, row, questions), _model(row) if with_model else _tone(row)] for row in rows]


def _cells(asked: Asked, row: Mapping[str, Any], questions: Mapping[UUID, str]) -> list[Cell]:
    link = Link("trace", {"id": str(row["trace_id"])}) if row["trace_id"] else None
    rating = row["value"]
    return [
        Cell(formats.moment(row["at"], now=asked.now), link),
        Cell(
            formats.UNKNOWN if rating is None else f"{rating:g}",
            judgement="worse" if rating is not None and rating <= LOW_RATING else "",
        ),
        Cell(cut(row["comment"], COMMENT_CHARS) or formats.UNKNOWN),
        Cell(cut(questions.get(row["interaction_id"], ""), QUESTION_CHARS) or formats.UNKNOWN, link),
    ]


def _model(row: Mapping[str, Any]) -> Cell:
    return Cell(row["model"] or formats.UNKNOWN)


def _tone(row: Mapping[str, Any]) -> Cell:
    tone = row["parts"].get("tone")
    if tone is None:
        return Cell("not known")
    return Cell("positive" if tone >= TONE_APART else "negative" if tone <= -TONE_APART else "neutral")


def _questions(project_id: int, ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = Interaction.objects.for_project(project_id).filter(interaction_id__in=ids)
    return dict(rows.values_list("interaction_id", "query_preview"))


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


declare(
    Panel(
        "feedback_low",
        "Which answers were rated badly?",
        f"The latest answers with a rating of {LOW_RATING} or less. A click opens the trace.",
        GROUP,
        low_rated,
        width="whole",
    ),
    Panel(
        "feedback_comments",
        "What do users write?",
        "The latest comments. Tone is that of English words, from a word list; it is no rating.",
        GROUP,
        comments,
        width="whole",
    ),
)
