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
    estimates,
    evaluations,
    journeys,
    judged,
    latency,
    latency_stages,
    log_analysis,
    machine,
    percentiles,
    quality,
    quality_by,
    questions,
    ratings_by,
    said,
    satisfaction,
    spending,
    storage,
    tiles,
    tone_and_signals,
    traffic,
    usage,
    worst,
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
FEEDBACK = DeclaredBoard(
    "feedback",
    "Feedback",
    (
        "feedback_figures",
        "feedback_trend",
        "feedback_spread",
        "feedback_by_model",
        "feedback_by_confidence",
        "feedback_by_category",
        "feedback_low",
        "journeys",
        "feedback_tone",
        "feedback_signals",
        "feedback_comments",
        "feedback_by_prompt",
        "question_categories",
    ),
    default_range="7d",
    help="What users say of answers and silently do with them: satisfaction, ratings by model and category, comments.",
)
QUALITY = DeclaredBoard(
    "quality",
    "Quality",
    (
        "quality_figures",
        "quality_judged",
        "quality_estimates",
        "quality_estimates_trend",
        "confidence",
        "quality_worst_estimates",
        "quality_by_model",
        "quality_by_prompt",
        "quality_judged_trend",
        "quality_spend",
        "quality_worst_judged",
        "quality_not_scorable",
        "quality_failures",
        "quality_reported",
    ),
    default_range="7d",
    help="How good answers are: judged, reviewed and estimated, each by itself; what cannot be measured, and what it costs.",
)
BOARDS = {board.name: board for board in (OVERVIEW, FEEDBACK, QUALITY, RESOURCES, LOG, USAGE, COST)}
