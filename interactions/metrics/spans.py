"""Metrics of spans: how long each stage takes, which fail, how often models and vector stores are called."""

from typing import Any

from interactions.metrics.interactions import SECONDS, STAGE_MS, status
from interactions.metrics.sources import SPANS
from interactions.models import Kind as SpanKind
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare

VECTOR_OPERATIONS = Prometheus(
    "vector_store_operations_total",
    Exposed.COUNTER,
    labels=(("operation", "operation"), ("status", "status")),
    help="Operations on the vector store.",
)
KINDS = dict(SpanKind.choices)


def kind(row: Any) -> str:
    return KINDS[row.kind]


declare(
    Metric(
        "spans.duration",
        unit="ms",
        help="Time of a stage, by what it does and its name.",
        kind=Kind.DISTRIBUTION,
        source=SPANS,
        value="duration_ms",
        labels=(Label("kind", kind), Label("name", cap=100)),
        goodness=Goodness.LOWER,
        prometheus=(
            Prometheus(
                "{ns}_stage_duration_seconds",
                Exposed.HISTOGRAM,
                labels=(("kind", "kind"),),
                scale=SECONDS,
                boundaries=STAGE_MS,
                help="Time of a stage in seconds, by kind of span.",
            ),
        ),
    ),
    Metric(
        "spans.error_rate",
        unit="share",
        help="Share of stages that failed, by what they do.",
        kind=Kind.PROPORTION,
        source=SPANS,
        value="is_error",
        labels=(Label("kind", kind),),
        goodness=Goodness.LOWER,
    ),
    Metric(
        "spans.llm_calls",
        unit="1",
        help="Calls of a model that a trace shows.",
        kind=Kind.COUNT,
        source=SPANS,
        of=(SpanKind.LLM,),
        labels=(Label("model"), Label("status", status)),
        prometheus=(
            Prometheus(
                "{ns}_llm_api_calls_total",
                Exposed.COUNTER,
                labels=(("model", "model"), ("status", "status")),
                help="Calls of a model.",
            ),
        ),
    ),
    Metric(
        "spans.embedding_tokens",
        unit="tokens",
        help="Tokens that were embedded.",
        kind=Kind.SUM,
        source=SPANS,
        value="input_tokens",
        of=(SpanKind.EMBEDDING,),
        labels=(Label("model"),),
    ),
    Metric(
        "spans.embedding_cost",
        unit="usd",
        help="Cost of embeddings; it is part of the cost of their interactions.",
        kind=Kind.SUM,
        source=SPANS,
        value="cost_usd",
        of=(SpanKind.EMBEDDING,),
        labels=(Label("model"),),
        goodness=Goodness.LOWER,
    ),
    Metric(
        "spans.cost",
        unit="usd",
        help="Cost of calls that a trace shows, by what they do; a framework's span around its client's repeats its cost.",
        kind=Kind.SUM,
        source=SPANS,
        value="cost_usd",
        of=(SpanKind.LLM, SpanKind.EMBEDDING, SpanKind.RERANKER),
        labels=(Label("kind", kind), Label("model")),
        goodness=Goodness.LOWER,
    ),
    Metric(
        "spans.retrievals",
        unit="1",
        help="Searches that a trace shows.",
        kind=Kind.COUNT,
        source=SPANS,
        of=(SpanKind.RETRIEVER,),
        labels=(Label("operation", lambda row: "search"), Label("status", status)),
        prometheus=(VECTOR_OPERATIONS,),
    ),
)
