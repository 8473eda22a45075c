"""Metrics and their summaries as JSON."""

from typing import Any

from django.conf import settings

from observatory.metrics.catalogue import Kind, Metric
from observatory.metrics.series import Point
from observatory.stats.summary import Summary

QUANTILES = {"p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}


def metric_dict(metric: Metric) -> dict[str, Any]:
    """A metric as the catalogue declares it."""
    return {
        "name": metric.name,
        "unit": metric.unit,
        "help": metric.help,
        "kind": metric.kind.value,
        "source": metric.source.name,
        "labels": [{"name": label.name, "cap": label.cap, "empty": label.empty} for label in metric.labels],
        "goodness": metric.goodness.value if metric.goodness else None,
        "prometheus": prometheus_names(metric),
    }


def prometheus_names(metric: Metric) -> list[str]:
    """The names of its families at /metrics, each once."""
    namespace = settings.OBSERVATORY["OBSERVATORY_METRICS_NAMESPACE"]
    return list(dict.fromkeys(family.name.format(ns=namespace) for family in metric.prometheus))


def point_dict(kind: Kind, point: Point) -> dict[str, Any]:
    return {"start": point.start, **figures(kind, point.summary, seconds=point.seconds)}


def figures(kind: Kind, summary: Summary, *, seconds: float) -> dict[str, Any]:
    """What the kind of a metric lets one say of a summary over `seconds`; None for what no value tells."""
    found: dict[str, Any] = {"n": summary.n}
    if kind is Kind.DISTINCT:
        return found | {"distinct": round(summary.distinct)}
    found["total"] = summary.total
    if kind in {Kind.COUNT, Kind.SUM}:
        found["rate_per_s"] = summary.total / seconds
    if kind is Kind.COUNT:
        return found
    if kind is Kind.PROPORTION:
        return found | {"share": summary.mean}
    found |= {"mean": summary.mean, "min": summary.minimum, "max": summary.maximum}
    if kind is Kind.GAUGE:
        return found | {"last": summary.last}
    return found | quantiles(summary) if kind is Kind.DISTRIBUTION else found


def quantiles(summary: Summary) -> dict[str, float | None]:
    variance = summary.variance
    return {"stddev": None if variance is None else variance**0.5} | {
        name: summary.quantile(q) for name, q in QUANTILES.items()
    }
