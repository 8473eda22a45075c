"""The worst answers, each with what was found wrong: those that a judge did not pass, and the lowest estimates, apart."""

from collections.abc import Mapping, Sequence
from heapq import nsmallest
from typing import Any
from uuid import UUID

from feedback.metrics.estimates import ESTIMATE
from feedback.metrics.judged import JUDGED
from feedback.models import Score, ScoreQuerySet, Source, State
from interactions.models import Interaction
from observatory.core import formats
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.estimates import GROUP, bar
from reports.panels.estimates import NOTHING as NO_ESTIMATE
from reports.panels.judged import EVALUATIONS
from reports.panels.judged import NOTHING as NO_JUDGE
from reports.panels.said import QUESTION_CHARS, cut

ROWS = 8
LOOKED_AT = 2_000  # the latest scores among which the worst are looked for
WHY_CHARS = 200
COLUMNS = ("id", "at", "name", "value", "comment", "details", "interaction_id", "trace_id", "model")
TITLES = {one.score: one.title for one in JUDGED}
HEAD = (
    Column("At (UTC)", is_short=True),
    Column("Score", is_number=True),
    Column("Question"),
    Column("Why"),
    Column("Model"),
)


def judged(asked: Asked) -> Content:
    found = [row for one in JUDGED for row in _lowest(asked, one.score)]
    if not found:
        return Content(reason=NO_JUDGE, link=EVALUATIONS)
    rows = _rows(asked, [pk for _, pk in nsmallest(ROWS, found)])
    table = [[cells[0], Cell(TITLES[row["name"]]), *cells[1:]] for row, cells in rows]
    return Content(table=Table((HEAD[0], Column("Judged"), *HEAD[1:]), table, more=_of_how_many("verdicts of each metric")))


def estimated(asked: Asked) -> Content:
    """By accuracy against sources, the part that tells bad answers best; by the overall where no answer has sources."""
    seen = list(_latest(asked, Source.ESTIMATE, ESTIMATE).values_list("parts", "value", "id")[:LOOKED_AT])
    known = [(parts.get("accuracy"), pk) for parts, _, pk in seen]
    is_accuracy = any(accuracy is not None for accuracy, _ in known)
    values = known if is_accuracy else [(value, pk) for _, value, pk in seen]
    found = nsmallest(ROWS, ((value, pk) for value, pk in values if value is not None))
    if not found:
        return Content(reason=NO_ESTIMATE)
    value_of = {pk: value for value, pk in found}
    rows = [[cells[0], bar(value_of[row["id"]]), *cells[2:]] for row, cells in _rows(asked, list(value_of))]
    head = (HEAD[0], Column("Accuracy" if is_accuracy else "Estimate", is_number=True), *HEAD[2:])
    link = drill.scores(asked, ESTIMATE, sort="lowest")
    return Content(table=Table(head, rows, more=_of_how_many("estimates")), link=link)


def _of_how_many(what: str) -> str:
    return f"Among the latest {LOOKED_AT:,} {what} of this time. A click opens the trace."


def _lowest(asked: Asked, name: str) -> list[tuple[float, int]]:
    """The lowest of the latest scores of a name, each with its key, by the index of names."""
    latest = _latest(asked, Source.JUDGE, name).values_list("value", "id")[:LOOKED_AT]
    return nsmallest(ROWS, ((value, pk) for value, pk in latest if value is not None))


def _latest(asked: Asked, source: Source, name: str) -> ScoreQuerySet:
    """An application may send scores under the same names: they are no word of the judge."""
    rows = Score.objects.for_project(asked.project_id).filter(name=name, source=source, state=State.SCORED)
    return rows.filter(at__gte=asked.window.start, at__lt=asked.window.end, **drill.narrowed(asked)).newest_first()


def _rows(asked: Asked, ids: Sequence[int]) -> list[tuple[Mapping[str, Any], list[Cell]]]:
    found = {row["id"]: row for row in Score.objects.filter(pk__in=ids).values(*COLUMNS)}
    questions = _questions(asked.project_id, [row["interaction_id"] for row in found.values()])
    return [(found[pk], _cells(asked, found[pk], questions)) for pk in ids if pk in found]


def _questions(project_id: int, ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = Interaction.objects.for_project(project_id).filter(interaction_id__in=[one for one in ids if one])
    return dict(rows.values_list("interaction_id", "query_preview"))


def _cells(asked: Asked, row: Mapping[str, Any], questions: Mapping[UUID, str]) -> list[Cell]:
    link = Link("trace", {"id": str(row["trace_id"])}) if row["trace_id"] else None
    return [
        Cell(formats.moment(row["at"], now=asked.now), link),
        Cell(formats.UNKNOWN if row["value"] is None else f"{row['value']:.2f}"),
        Cell(cut(questions.get(row["interaction_id"], ""), QUESTION_CHARS) or formats.UNKNOWN, link),
        Cell(cut(_why(row), WHY_CHARS) or formats.UNKNOWN),
        Cell(row["model"] or formats.UNKNOWN),
    ]


def _why(row: Mapping[str, Any]) -> str:
    """The judge's reason, or what the estimate found."""
    if row["comment"]:
        return str(row["comment"])
    findings = row["details"].get("findings") if isinstance(row["details"], dict) else None
    return "; ".join(str(one.get("text", "")) for one in findings[:3] if isinstance(one, dict)) if findings else ""


declare(
    Panel(
        "quality_worst_judged",
        "Which answers did the judge like least?",
        "The lowest of the latest verdicts, with the judge's reason.",
        GROUP,
        judged,
        width="whole",
    ),
    Panel(
        "quality_worst_estimates",
        "Which answers should be looked at? Lowest lexical estimates",
        "The lowest accuracy against sources among the latest lexical estimates (no model), with what was found: a hint "
        "where to look, no verdict. Where no answer has sources, the lowest overall.",
        GROUP,
        estimated,
        width="whole",
    ),
)
