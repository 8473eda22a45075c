"""Quality by model and version, and by prompt: each source in columns of its own."""

from collections.abc import Mapping

from feedback.metrics.judged import JUDGED
from feedback.metrics.sources import NONE
from observatory.core import formats
from observatory.metrics.series import Labels
from observatory.stats.intervals import mean_interval, wilson
from observatory.stats.summary import Summary
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Table
from reports.panels.estimates import ESTIMATE, GROUP, NOTHING, bar
from reports.panels.words import between, percent

REVIEWED = "quality.review_passed"
ROWS = 12
NO_BREAK = "\N{NO-BREAK SPACE}"  # an interval stays on one line, and the table within the page
OWN = (Column("Lexical estimate", is_number=True), Column("95 % interval", is_number=True, is_short=True))
WORDS = (
    "A lexical estimate is a mean from 0 to 1 (no model); the judge and reviewers pass a share of answers, with its 95 % "
    "interval. They answer different questions and are not averaged."
)
Found = Mapping[Labels, Summary]


def by_model(asked: Asked) -> Content:
    labels = ("model", "model_version")
    estimated, reviewed = asked.groups(ESTIMATE, *labels), asked.groups(REVIEWED, *labels)
    judged = {one.title: asked.groups(f"quality.{one.key}_passed", *labels) for one in JUDGED}
    judged = {f"{title}, judged": found for title, found in judged.items() if found} | (
        {"Reviewed": reviewed} if reviewed else {}
    )
    order = _order(estimated, *judged.values())
    if not order:
        return Content(reason=NOTHING)
    rows = [
        [
            Cell(model, link=drill.interactions(asked, model=model)),
            Cell(version),
            *_cells((model, version), estimated, judged),
        ]
        for model, version in order[:ROWS]
    ]
    head = (Column("Model"), Column("Version"), *_head(judged))
    return Content(table=Table(head, rows, more=_more(order)), words=WORDS, link=drill.metric(ESTIMATE, by="model"))


def by_prompt(asked: Asked) -> Content:
    labels = ("prompt_name", "prompt_version")
    estimated = asked.groups(f"{ESTIMATE}_by_prompt", *labels)
    judged = {f"{one.title}, judged": asked.groups(f"quality.{one.key}_by_prompt_passed", *labels) for one in JUDGED}
    judged = {title: found for title, found in judged.items() if found}
    order = [one for one in _order(estimated, *judged.values()) if one[0] != NONE]
    if not order:
        return Content(reason="No answer with a score names its prompt: send `prompt_name` and `prompt_version`.")
    rows = [
        [
            Cell(name, link=drill.interactions(asked, prompt_name=name)),
            Cell("–" if version == NONE else version),
            *_cells((name, version), estimated, judged),
        ]
        for name, version in order[:ROWS]
    ]
    more = " Of all models: not kept by model." if asked.only and not asked.is_followed(f"{ESTIMATE}_by_prompt") else ""
    head = (Column("Prompt"), Column("Version"), *_head(judged))
    return Content(table=Table(head, rows, more=_more(order) + more), link=drill.metric(f"{ESTIMATE}_by_prompt"))


def _order(*parts: Found) -> list[Labels]:
    """All that have any score, those with most first."""
    numbers: dict[Labels, int] = {}
    for found in parts:
        for labels, summary in found.items():
            numbers[labels] = numbers.get(labels, 0) + summary.n
    return sorted(numbers, key=lambda labels: (-numbers[labels], labels))


def _head(judged: Mapping[str, Found]) -> tuple[Column, ...]:
    return (Column("n", is_number=True), *OWN, *(Column(title) for title in judged))  # words, which break


def _cells(labels: Labels, estimated: Found, judged: Mapping[str, Found]) -> list[Cell]:
    return [
        *_estimate(estimated.get(labels, Summary())),
        *(_pass(found.get(labels, Summary())) for found in judged.values()),
    ]


def _estimate(summary: Summary) -> list[Cell]:
    if summary.mean is None:
        return [Cell("0"), Cell(formats.UNKNOWN), Cell(formats.UNKNOWN)]
    interval = between(mean_interval(summary), "{:.2f}".format) or "too few"
    return [Cell(f"{summary.n:,}"), bar(summary.mean), Cell(interval)]


def _pass(summary: Summary) -> Cell:
    if summary.mean is None:
        return Cell(formats.UNKNOWN)
    interval = between(wilson(summary.total, summary.n), percent).replace(" ", NO_BREAK)
    return Cell(f"{percent(summary.mean)} of {summary.n:,} ({interval})")


def _more(order: list[Labels]) -> str:
    return f"{len(order) - ROWS} with fewer scores are not listed." if len(order) > ROWS else ""


declare(
    Panel(
        "quality_by_model",
        "Which model answers best?",
        "By model and version. Models are asked different questions: a difference is no proof that the model is the cause.",
        GROUP,
        by_model,
        width="whole",
    ),
    Panel("quality_by_prompt", "Which prompt answers best?", "By prompt and version.", GROUP, by_prompt, width="whole"),
)
