"""What moves latency, cost and errors: the three by each dimension that a release or a prompt may have changed.

Sums and shares only, a quarter of the cost of a distribution: the panel "What changed" needs n, sum and squares. Cost and
errors by model and environment are `interactions.cost` and `interactions.error_rate`.
"""

from interactions.metrics.interactions import ENVIRONMENT, MODEL
from interactions.metrics.sources import INTERACTIONS
from observatory.metrics.catalogue import Goodness, Kind, Label, Metric, declare

NONE = "none"  # the label of what was not said
RELEASE = Label("release", empty=NONE)
PROMPT_NAME, PROMPT_VERSION = Label("prompt_name", empty=NONE), Label("prompt_version", empty=NONE)
CATEGORY = Label("category", empty=NONE)
DIMENSIONS = {"release": (RELEASE,), "prompt": (PROMPT_NAME, PROMPT_VERSION), "category": (CATEGORY,)}


def latency(by: str, labels: tuple[Label, ...]) -> Metric:
    return Metric(
        f"interactions.latency_by_{by}",
        unit="ms",
        help=f"Time from question to answer, summed up by {by}: its mean shows what changed.",
        kind=Kind.SUM,
        source=INTERACTIONS,
        value="latency_ms",
        labels=(*labels, ENVIRONMENT),
        goodness=Goodness.LOWER,
    )


def cost(by: str, labels: tuple[Label, ...]) -> Metric:
    return Metric(
        f"interactions.cost_by_{by}",
        unit="usd",
        help=f"Cost by {by}.",
        kind=Kind.SUM,
        source=INTERACTIONS,
        value="cost_usd",
        labels=(*labels, ENVIRONMENT),
        goodness=Goodness.LOWER,
    )


def errors(by: str, labels: tuple[Label, ...]) -> Metric:
    return Metric(
        f"interactions.errors_by_{by}",
        unit="share",
        help=f"Share of interactions that failed, by {by}.",
        kind=Kind.PROPORTION,
        source=INTERACTIONS,
        value="is_error",
        labels=(*labels, ENVIRONMENT),
        goodness=Goodness.LOWER,
    )


declare(
    latency("model", (MODEL,)),
    *(make(by, labels) for make in (latency, cost, errors) for by, labels in DIMENSIONS.items()),
)
