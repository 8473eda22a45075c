"""Ratings told apart (ledger R6, R7): by model and version, category, prompt, and the confidence of the answer."""

from collections.abc import Mapping, Sequence

from feedback.metrics.people import CONFIDENCES, MOST_CONFIDENT
from feedback.metrics.sources import NONE
from observatory.core import formats
from observatory.metrics.series import Labels
from observatory.stats.intervals import is_apart
from observatory.stats.ratings import HIGHEST, LOWEST, rating_interval
from observatory.stats.summary import Summary
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.satisfaction import COUNT, GROUP, LOW, NOTHING, RATING
from reports.panels.words import between, percent

CATEGORY, PROMPT, CONFIDENCE = (f"feedback.rating_by_{name}" for name in ("category", "prompt", "confidence"))
ROWS = 12
STRETCHES = (*(name for _, name in CONFIDENCES), MOST_CONFIDENT)
SURE, UNSURE = STRETCHES[-2:], STRETCHES[:2]
FIGURES = (
    Column("Ratings", is_number=True),
    Column("Mean", is_number=True),
    Column("95 % interval", is_number=True, is_short=True),
)


def cells(summary: Summary) -> list[Cell]:
    """n, mean and interval of some ratings; the bar goes from 1 to 5."""
    mean = summary.mean
    if mean is None:
        return [Cell("0"), Cell(formats.UNKNOWN), Cell(formats.UNKNOWN)]
    interval = between(rating_interval(summary), "{:.2f}".format) or "too few"
    return [Cell(f"{summary.n:,}"), Cell(f"{mean:.2f}", share=(mean - LOWEST) / (HIGHEST - LOWEST)), Cell(interval)]


def by_model(asked: Asked) -> Content:
    found = asked.groups(RATING, "model", "model_version")
    if not found:
        return Content(reason=NOTHING)
    low, answers = asked.groups(LOW, "model", "model_version"), asked.groups(COUNT, "model", "model_version")
    rows = [
        [
            Cell(model, link=drill.interactions(asked, model=model)),
            Cell(version),
            *cells(found[model, version]),
            Cell(_share(low.get((model, version)))),
            Cell(_rate(found[model, version], answers.get((model, version)))),
        ]
        for model, version in _most(found)
    ]
    head = (Column("Model"), Column("Version"), *FIGURES, Column("Low", is_number=True), Column("Rated", is_number=True))
    return Content(
        table=Table(head, rows, more=_hidden(found, "versions")),
        words="Low: the share of ratings of 1 or 2. Rated: ratings for each hundred interactions of the same time.",
        n=sum(one.n for one in found.values()),
        n_of="ratings",
        link=drill.metric(RATING, by="model"),
    )


def _share(low: Summary | None) -> str:
    return formats.UNKNOWN if low is None or low.mean is None else percent(low.mean)


def _rate(rated: Summary, answers: Summary | None) -> str:
    return formats.UNKNOWN if answers is None or not answers.n else percent(min(1.0, rated.n / answers.n))


def by_category(asked: Asked) -> Content:
    found = {labels: one for labels, one in asked.groups(CATEGORY, "category").items() if labels != (NONE,)}
    if not found:
        return Content(reason="No rated answer has a category: send it as `category` with interactions.")
    rows = [
        [Cell(name, link=drill.interactions(asked, category=name)), *cells(found[name,])] for (name,) in _worst_first(found)
    ]
    return _listed(asked, CATEGORY, found, (Column("Category"), *FIGURES), rows, "categories")


def by_prompt(asked: Asked) -> Content:
    found = {
        labels: one for labels, one in asked.groups(PROMPT, "prompt_name", "prompt_version").items() if labels[0] != NONE
    }
    if not found:
        return Content(reason="No rated answer names its prompt: send `prompt_name` and `prompt_version` with interactions.")
    rows = [
        [
            Cell(name, link=drill.interactions(asked, prompt_name=name)),
            Cell("–" if version == NONE else version),
            *cells(found[name, version]),
        ]
        for name, version in _most(found)
    ]
    return _listed(asked, PROMPT, found, (Column("Prompt"), Column("Version"), *FIGURES), rows, "prompts")


def _listed(
    asked: Asked,
    metric: str,
    found: Mapping[Labels, Summary],
    head: Sequence[Column],
    rows: Sequence[Sequence[Cell]],
    what: str,
) -> Content:
    words = "" if asked.is_followed(metric) else f"Of all models: ratings by {what} are not kept by model."
    n = sum(one.n for one in found.values())
    return Content(
        table=Table(head, rows, more=_hidden(found, what)), words=words, n=n, n_of="ratings", link=drill.metric(metric)
    )


def by_confidence(asked: Asked) -> Content:
    found = {name: one for (name,), one in asked.groups(CONFIDENCE, "confidence").items()}
    if not found:
        return Content(reason="No rated answer tells its confidence: send `confidence`, from 0 to 1, with interactions.")
    rows = [[Cell(name), *cells(found.get(name, Summary()))] for name in STRETCHES]
    return Content(
        table=Table((Column("Confidence"), *FIGURES), rows),
        words=_verdict(found) + ("" if asked.is_followed(CONFIDENCE) else " Of all models: not kept by model."),
        n=sum(one.n for one in found.values()),
        n_of="ratings of answers with a confidence",
        link=Link("metric", {"name": CONFIDENCE, "by": "confidence"}),
    )


def _verdict(found: Mapping[str, Summary]) -> str:
    """Whether sure answers are rated better than unsure ones, as far as the intervals tell."""
    sure, unsure = (_joined([found[name] for name in names if name in found]) for names in (SURE, UNSURE))
    if sure.mean is None or unsure.mean is None:
        return "There are no ratings of both sure and unsure answers to compare."
    if not is_apart(rating_interval(sure), rating_interval(unsure)):
        return f"Answers of {SURE[0][:3]} and more are not rated better than those below 0.6, as far as these ratings tell."
    if sure.mean > unsure.mean:
        return f"Sure answers are rated better: {sure.mean:.2f} from 0.8 on, {unsure.mean:.2f} below 0.6."
    return f"Sure answers are rated worse: {sure.mean:.2f} from 0.8 on, {unsure.mean:.2f} below 0.6. Do not trust it."


def _joined(parts: Sequence[Summary]) -> Summary:
    return Summary(
        n=sum(one.n for one in parts), total=sum(one.total for one in parts), squares=sum(one.squares for one in parts)
    )


def _most(found: Mapping[Labels, Summary]) -> list[Labels]:
    return sorted(found, key=lambda labels: (-found[labels].n, labels))[:ROWS]


def _worst_first(found: Mapping[Labels, Summary]) -> list[Labels]:
    """Of those with most ratings, the worst first."""
    return sorted(_most(found), key=lambda labels: (found[labels].mean or 0, labels))


def _hidden(found: Mapping[Labels, Summary], what: str) -> str:
    return f"{len(found) - ROWS} {what} with fewer ratings are not listed." if len(found) > ROWS else ""


declare(
    Panel(
        "feedback_by_model",
        "Which model pleases most?",
        "Ratings by model and its version, those with most ratings first. Models answer different questions: a difference "
        "is no proof that the model is the cause.",
        GROUP,
        by_model,
        width="whole",
    ),
    Panel("feedback_by_category", "Which questions go badly?", "Ratings by category, the worst first.", GROUP, by_category),
    Panel("feedback_by_prompt", "Which prompt pleases most?", "Ratings by prompt and version.", GROUP, by_prompt),
    Panel(
        "feedback_by_confidence",
        "Is it sure where users are content?",
        "Ratings by the confidence that the application sent with its answer. Where sure answers are rated no better, the "
        "confidence tells nothing.",
        GROUP,
        by_confidence,
    ),
)
