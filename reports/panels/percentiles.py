"""The spread of times and of confidence in one table (ledger R9): p50, p75, p90, p95 and p99, by stage and by model."""

from observatory.metrics import catalogue
from observatory.metrics.words import say, say_quantile
from observatory.stats.summary import Summary
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Table

QUANTILES = (0.5, 0.75, 0.9, 0.95, 0.99)
LATENCY = "interactions.latency"
SPREAD = {
    LATENCY: "Whole answer",
    "interactions.retrieval_time": "Retrieval",
    "interactions.generation_time": "Generation",
    "interactions.time_to_first_token": "First token",
    "interactions.confidence": "Confidence",
}
MODELS_SHOWN = 10


def percentiles(asked: Asked) -> Content:
    asked.read_wholes(*SPREAD)
    rows = [_row(word, name, asked.summary(name)) for name, word in SPREAD.items() if asked.summary(name).n]
    if not rows:
        return Content(reason="No interaction of this time told a time or its confidence.", link=drill.interactions(asked))
    models = sorted(asked.summaries(LATENCY, "model").items(), key=lambda item: (-item[1].n, item[0]))
    if len(models) > 1:
        rows += [
            _row(f"Whole answer, {model}", LATENCY, one, where=f"model:{model}") for model, one in models[:MODELS_SHOWN]
        ]
    hidden = len(models) - MODELS_SHOWN
    more = f"{hidden} more models are not listed." if hidden > 0 else ""
    columns = [
        Column("Of"),
        *(Column(name, is_number=True) for name in ("n", "Mean", *(f"p{q * 100:.0f}" for q in QUANTILES))),
    ]
    return Content(
        table=Table(columns, rows, more=more),
        words="Percentiles are exact within 1 %; “n < 20” stands where there are too few values for one.",
        n=asked.summary(LATENCY).n,
        link=drill.metric(LATENCY, by="model"),
    )


def _row(word: str, name: str, summary: Summary, **query: str) -> list[Cell]:
    metric = catalogue.metric(name)
    figures = (say(metric, summary.mean), *(say_quantile(metric, summary, q) for q in QUANTILES))
    return [
        Cell(word, link=drill.metric(name, **query)),
        Cell(f"{summary.n:,}"),
        *(Cell(figure) for figure in figures),
    ]


declare(
    Panel(
        "percentiles",
        "How are times and confidence spread?",
        "Mean, p50, p75, p90, p95 and p99 of the stages of an answer, of confidence, and by model.",
        "Latency",
        percentiles,
        width="whole",
    ),
)
