"""The boards that come with Observatory. An operator's own are rows (`reports.models.Board`); both show panels."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.panels import (  # noqa: F401  (each declares its panels)
    activity,
    any_list,
    any_metric,
    attention,
    bottlenecks,
    changes,
    confidence,
    cost,
    cost_ahead,
    cost_days,
    cost_models,
    cost_savings,
    cost_stages,
    cost_users,
    errors,
    latency,
    latency_stages,
    log_analysis,
    machine,
    percentiles,
    questions,
    spending,
    storage,
    tiles,
    traffic,
    usage,
)


@dataclass(frozen=True, slots=True)
class DeclaredBoard:
    """A board of the product: `panels` are names, in their order on the page."""

    name: str
    title: str
    panels: Sequence[str]
    default_range: str = "24h"
    help: str = ""


OVERVIEW = DeclaredBoard(
    "overview",
    "Overview",
    (
        "state",
        "attention",
        "what_changed",
        "requests",
        "latency_through_time",
        "latency_spread",
        "latency_stages",
        "errors_by_component",
        "cost_by_model",
        "confidence",
        "activity",
        "errors_latest",
    ),
    help="The state of the application in three seconds.",
)
RESOURCES = DeclaredBoard(
    "resources",
    "Resources",
    (
        "machines",
        "bottlenecks",
        "machine_cpu",
        "machine_memory",
        "machine_disk",
        "machine_queue",
        "machine_network",
        "machine_connections",
        "machine_health",
        "database",
        "thread_memory",
    ),
    help="Machines and the database: what is in use, at worst, and where it was tight.",
)
LOG = DeclaredBoard(
    "log",
    "Log analysis",
    (
        "log_figures",
        "percentiles",
        "popular_questions",
        "errors_by_component",
        "event_failures",
        "errors_latest",
        "event_types",
        "thread_memory",
    ),
    help="What the log of a time tells: requests, failures by component, popular questions, memory.",
)
USAGE = DeclaredBoard(
    "usage",
    "Usage",
    (
        "usage_figures",
        "usage_people",
        "usage_depth",
        "activity",
        "question_lengths",
        "question_words",
        "question_categories",
        "popular_questions",
    ),
    default_range="7d",
    help="Who asks, how often, what about, and how deep sessions go.",
)
COST = DeclaredBoard(
    "cost",
    "Cost and models",
    (
        "cost_figures",
        "cost_days",
        "cost_ahead",
        "cost_models",
        "cost_shares",
        "cost_stages",
        "cost_users",
        "token_types",
        "cost_savings",
        "what_if",
    ),
    default_range="7d",
    help="What the models cost, by model, user, stage and day; what month and year will cost; where money could be saved.",
)
BOARDS = {board.name: board for board in (OVERVIEW, RESOURCES, LOG, USAGE, COST)}
