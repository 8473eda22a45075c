"""Metrics of structured events (ledger L1): how many, how long, which failed, the memory of threads."""

from typing import Any

from interactions.metrics.interactions import SECONDS, STAGE_MS
from interactions.metrics.sources import EVENTS
from interactions.metrics.spans import VECTOR_OPERATIONS
from observatory.metrics.catalogue import Exposed, Goodness, Kind, Label, Metric, Prometheus, declare

TYPE = Label("type", cap=60)
COMPONENT = Label("component", empty="none")
VECTOR_EVENTS = ("vector.search", "vector.insert", "vector.update")
NODE_NAMES = ("node_name", "node", "name")


def is_error(row: Any) -> bool:
    """Whether an event tells of a failure: by its name, by an `error`, or by a status."""
    data = row.data
    return (
        row.type.rpartition(".")[2] == "error"
        or bool(data.get("error"))
        or data.get("status") in ("error", "failed")
        or data.get("success") is False
    )


def status(row: Any) -> str:
    return "error" if is_error(row) else "ok"


def node_name(row: Any) -> str:
    """The node of a graph: its own field, else the component that reports."""
    return next((str(row.data[name]) for name in NODE_NAMES if row.data.get(name)), row.component)


def severity(row: Any) -> str:
    return row.data.get("severity") or ""


declare(
    Metric(
        "events.count",
        unit="1",
        help="Events, by type and component.",
        kind=Kind.COUNT,
        source=EVENTS,
        labels=(TYPE, COMPONENT),
        prometheus=(Prometheus("{ns}_events_total", Exposed.COUNTER, labels=(("type", "type"),), help="Events by type."),),
    ),
    Metric(
        "events.errors",
        unit="1",
        help="Events that tell of a failure, by component and severity.",
        kind=Kind.COUNT,
        source=EVENTS,
        value=is_error,
        labels=(COMPONENT, Label("severity", severity, empty="none", cap=10)),
        goodness=Goodness.LOWER,
        prometheus=(
            Prometheus(
                "{ns}_event_errors_total",
                Exposed.COUNTER,
                labels=(("component", "component"), ("severity", "severity")),
                help="Events that tell of a failure.",
            ),
        ),
    ),
    Metric(
        "events.error_rate",
        unit="share",
        help="Share of events that tell of a failure, by component.",
        kind=Kind.PROPORTION,
        source=EVENTS,
        value=is_error,
        labels=(COMPONENT,),
        goodness=Goodness.LOWER,
    ),
    Metric(
        "events.duration",
        unit="ms",
        help="Duration of what an event tells of, by type.",
        kind=Kind.DISTRIBUTION,
        source=EVENTS,
        value="duration_ms",
        labels=(TYPE,),
        goodness=Goodness.LOWER,
    ),
    Metric(
        "events.node_duration",
        unit="ms",
        help="Time in a node of a graph.",
        kind=Kind.DISTRIBUTION,
        source=EVENTS,
        value="duration_ms",
        of=("graph.node.exit",),
        labels=(Label("node_name", node_name, cap=15),),
        goodness=Goodness.LOWER,
        prometheus=(
            Prometheus(
                "graph_node_duration_seconds",
                Exposed.HISTOGRAM,
                labels=(("node_name", "node_name"),),
                scale=SECONDS,
                boundaries=STAGE_MS,
                help="Time in a node of a graph, in seconds.",
            ),
        ),
    ),
    Metric(
        "events.vector_operations",
        unit="1",
        help="Operations on the vector store that a backend reports.",
        kind=Kind.COUNT,
        source=EVENTS,
        of=VECTOR_EVENTS,
        labels=(Label("operation", lambda row: row.type.partition(".")[2]), Label("status", status)),
        prometheus=(VECTOR_OPERATIONS,),
    ),
    Metric(
        "events.memory",
        unit="bytes",
        help="Memory of a thread, as its events report it.",
        kind=Kind.GAUGE,
        source=EVENTS,
        value=lambda row: row.data.get("memory_usage"),
        goodness=Goodness.LOWER,
        prometheus=(
            Prometheus(
                "chat_memory_bytes", Exposed.GAUGE_LAST, window_s=3_600, help="Memory of the thread that reported last."
            ),
        ),
    ),
)
