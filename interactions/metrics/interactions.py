"""Metrics of interactions: volume, errors, times, tokens, cost, confidence, sessions and users."""

from typing import Any

from interactions.latency import latency_category
from interactions.metrics.sources import INTERACTIONS
from interactions.models import Origin
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare

MODEL = Label("model")
VERSION = Label("model_version")
ENVIRONMENT = Label("environment", empty="default")

SECONDS = 0.001  # from milliseconds
RESPONSE_MS = (100.0, 500.0, 1_000.0, 2_000.0, 5_000.0)
LLM_MS = (100.0, 250.0, 500.0, 1_000.0, 2_000.0, 3_000.0, 5_000.0, 10_000.0, 30_000.0)
STAGE_MS = (5.0, 10.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1_000.0, 2_500.0, 5_000.0, 10_000.0)

TOKENS = ("input", "output", "cached", "cache_write", "reasoning")


def status(row: Any) -> str:
    return "error" if row.is_error else "ok"


def prompt_type(row: Any) -> str:
    """Ledger T3: calls that failed are counted apart."""
    return f"{row.prompt_name or 'default'}_error" if row.is_error else row.prompt_name or "default"


def has_latency(row: Any) -> bool:
    return row.latency_ms is not None


def response_ms(row: Any) -> float | None:
    """The model's own time where it is known, else that of the whole answer."""
    return row.generation_ms if row.generation_ms is not None else row.latency_ms


def is_call_without_span(row: Any) -> bool:
    """An interaction that was sent by itself: its call of the model has no span that would be counted."""
    return row.origin == Origin.NATIVE and not row.span_count and bool(row.model)


def _stage(stage: str) -> Prometheus:
    return Prometheus(
        "{ns}_query_processing_time_ms",
        Exposed.HISTOGRAM,
        labels=(("model_version", "model_version"),),
        fixed=(("stage", stage),),
        boundaries=STAGE_MS,
        help="Time of a stage of a query in milliseconds.",
    )


declare(
    Metric(
        "interactions.count",
        unit="1",
        help="Interactions.",
        kind=Kind.COUNT,
        source=INTERACTIONS,
        labels=(MODEL, VERSION, Label("status", status), ENVIRONMENT),
        prometheus=(
            Prometheus(
                "{ns}_queries_total",
                Exposed.COUNTER,
                labels=(("model", "model"), ("status", "status")),
                help="Interactions.",
            ),
            Prometheus(
                "{ns}_current_model_version",
                Exposed.GAUGE_NEWEST,
                labels=(("model", "model"), ("version", "model_version")),
                window_s=86_400,
                help="1 for the model and version of the newest interactions.",
            ),
        ),
    ),
    Metric(
        "interactions.error_rate",
        unit="share",
        help="Share of interactions that failed.",
        kind=Kind.PROPORTION,
        source=INTERACTIONS,
        value="is_error",
        labels=(MODEL, ENVIRONMENT),
        goodness=Goodness.LOWER,
    ),
    Metric(
        "interactions.latency",
        unit="ms",
        help="From the question to the whole answer.",
        kind=Kind.DISTRIBUTION,
        source=INTERACTIONS,
        value="latency_ms",
        labels=(MODEL, VERSION, ENVIRONMENT),
        goodness=Goodness.LOWER,
        prometheus=(
            Prometheus(
                "chat_response_time_seconds",
                Exposed.HISTOGRAM,
                scale=SECONDS,
                boundaries=RESPONSE_MS,
                help="From the question to the whole answer, in seconds.",
            ),
            _stage("total"),
        ),
    ),
    Metric(
        "interactions.latency_category",
        unit="1",
        help="Interactions by how long they took: excellent below 1 s, good below 2 s, acceptable below 5 s, else poor.",
        kind=Kind.COUNT,
        source=INTERACTIONS,
        value=has_latency,
        labels=(Label("latency_category", lambda row: latency_category(row.latency_ms) or ""),),
    ),
    Metric(
        "interactions.retrieval_time",
        unit="ms",
        help="Time to find the passages.",
        kind=Kind.DISTRIBUTION,
        source=INTERACTIONS,
        value="retrieval_ms",
        labels=(MODEL, VERSION, ENVIRONMENT),
        goodness=Goodness.LOWER,
        prometheus=(_stage("retrieval"),),
    ),
    Metric(
        "interactions.generation_time",
        unit="ms",
        help="Time of the model.",
        kind=Kind.DISTRIBUTION,
        source=INTERACTIONS,
        value="generation_ms",
        labels=(MODEL, VERSION, ENVIRONMENT),
        goodness=Goodness.LOWER,
        prometheus=(_stage("generation"),),
    ),
    Metric(
        "interactions.time_to_first_token",
        unit="ms",
        help="From the question to the first token of the answer.",
        kind=Kind.DISTRIBUTION,
        source=INTERACTIONS,
        value="time_to_first_token_ms",
        labels=(MODEL, VERSION, ENVIRONMENT),
        goodness=Goodness.LOWER,
        prometheus=(_stage("first_token"),),
    ),
    Metric(
        "interactions.llm_response_time",
        unit="ms",
        help="Time of the model where it is known, else of the whole answer, by prompt; failed calls apart.",
        kind=Kind.DISTRIBUTION,
        source=INTERACTIONS,
        value=response_ms,
        labels=(MODEL, Label("prompt_type", prompt_type, cap=20)),
        goodness=Goodness.LOWER,
        prometheus=(
            Prometheus(
                "{ns}_llm_response_time_seconds",
                Exposed.HISTOGRAM,
                labels=(("model_name", "model"), ("prompt_type", "prompt_type")),
                scale=SECONDS,
                boundaries=LLM_MS,
                help="Response time of the model in seconds.",
            ),
        ),
    ),
    Metric(
        "interactions.llm_calls",
        unit="1",
        help="Calls of a model in interactions that came without spans.",
        kind=Kind.COUNT,
        source=INTERACTIONS,
        value=is_call_without_span,
        labels=(MODEL, Label("status", status)),
        prometheus=(
            Prometheus(
                "{ns}_llm_api_calls_total",
                Exposed.COUNTER,
                labels=(("model", "model"), ("status", "status")),
                help="Calls of a model.",
            ),
        ),
    ),
    *(
        Metric(
            f"interactions.{name}_tokens",
            unit="tokens",
            help=f"Tokens, {name.replace('_', ' ')}.",
            kind=Kind.SUM,
            source=INTERACTIONS,
            value=f"{name}_tokens",
            labels=(MODEL, ENVIRONMENT),
            prometheus=(
                Prometheus(
                    "{ns}_llm_tokens_used_total",
                    Exposed.COUNTER,
                    labels=(("model_name", "model"),),
                    fixed=(("token_type", name),),
                    help="Tokens by model and type.",
                ),
                Prometheus(
                    "llm_token_usage_total",
                    Exposed.COUNTER,
                    labels=(("model", "model"),),
                    fixed=(("type", name),),
                    help="Tokens by model and type.",
                ),
            ),
        )
        for name in TOKENS
    ),
    Metric(
        "interactions.cost",
        unit="usd",
        help="Cost; interactions whose model has no known price have none.",
        kind=Kind.SUM,
        source=INTERACTIONS,
        value="cost_usd",
        labels=(MODEL, ENVIRONMENT),
        goodness=Goodness.LOWER,
        prometheus=(
            Prometheus(
                "{ns}_llm_cost_usd_total", Exposed.COUNTER, labels=(("model_name", "model"),), help="Cost in US dollars."
            ),
        ),
    ),
    Metric(
        "interactions.unpriced",
        unit="1",
        help="Interactions with tokens and without a cost.",
        kind=Kind.COUNT,
        source=INTERACTIONS,
        value=lambda row: row.cost_usd is None and (row.input_tokens is not None or row.output_tokens is not None),
        labels=(MODEL, ENVIRONMENT),
        goodness=Goodness.LOWER,
    ),
    Metric(
        "interactions.sessions",
        unit="1",
        help="Different sessions.",
        kind=Kind.DISTINCT,
        source=INTERACTIONS,
        value="session_id",
        labels=(MODEL, ENVIRONMENT),
        prometheus=(
            Prometheus(
                "{ns}_active_sessions_total",
                Exposed.GAUGE_DISTINCT,
                help="Sessions with a question in the last five minutes.",
            ),
        ),
    ),
    Metric(
        "interactions.users",
        unit="1",
        help="Different users.",
        kind=Kind.DISTINCT,
        source=INTERACTIONS,
        value="user_id",
        labels=(MODEL, ENVIRONMENT),
        prometheus=(
            Prometheus("{ns}_active_users", Exposed.GAUGE_DISTINCT, help="Users with a question in the last five minutes."),
        ),
    ),
)
