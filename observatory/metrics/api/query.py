"""The body of a query: the parameters of a metric as JSON, and which figures are wanted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import QueryDict

from observatory.core.errors import ApiError
from observatory.core.parameters import only_known
from observatory.metrics.api.answers import figures
from observatory.metrics.api.asked import Asked, parse
from observatory.metrics.catalogue import Metric
from observatory.stats.summary import Summary

TEXTS = ("since", "until", "resolution")
FIELDS = ("metric", *TEXTS, "by", "where", "aggregates")


def metric_name(body: Any) -> str:
    """The metric that a query names; raises ApiError for what is no query."""
    if not isinstance(body, dict):
        raise ApiError("invalid", 'expected a JSON object, for example {"metric": "interactions.latency"}')
    only_known(body, *FIELDS)
    name = body.get("metric")
    if not isinstance(name, str) or not name:
        raise ApiError("invalid", "expected the name of a metric", field="metric")
    return name


def parse_query(body: Mapping[str, Any], metric: Metric, *, now: datetime) -> tuple[Asked, frozenset[str] | None]:
    """Return what is asked and the wanted figures (None: all); raises ApiError with the field that is wrong."""
    parameters = QueryDict(mutable=True)
    for name in TEXTS:
        value = body.get(name)
        if value is not None and not (isinstance(value, str) and value.strip()):
            raise ApiError("invalid", "expected a text that is not empty; leave it out to ask without it", field=name)
        parameters[name] = value or ""
    where = {} if body.get("where") is None else body["where"]
    if not isinstance(where, dict) or not all(isinstance(value, str) for value in where.values()):
        raise ApiError("invalid", 'expected labels with their values, for example {"model": "gpt-4o"}', field="where")
    return parse(parameters, metric, now=now, by=_texts(body, "by"), where=where), _aggregates(body, metric)


def keep(found: dict[str, Any], wanted: frozenset[str] | None) -> dict[str, Any]:
    """Leave only the wanted figures in an answer; n always stays, for no figure means much without it."""
    if wanted is None:
        return found
    for line in found["series"]:
        line["summary"] = _only(line["summary"], wanted)
        line["points"] = [_only(point, wanted | {"start"}) for point in line["points"]]
    found["summary"] = _only(found["summary"], wanted)
    return found


def _only(values: Mapping[str, Any], wanted: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in wanted or name == "n"}


def _texts(body: Mapping[str, Any], name: str) -> list[str]:
    value = [] if body.get(name) is None else body[name]
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ApiError("invalid", "expected a list of texts", field=name)
    return value


def _aggregates(body: Mapping[str, Any], metric: Metric) -> frozenset[str] | None:
    wanted = _texts(body, "aggregates")
    known = list(figures(metric.kind, Summary(), seconds=1))
    for name in wanted:
        if name not in known:
            reason = f"a metric of the kind {metric.kind} has {', '.join(known)}"
            raise ApiError("unknown_aggregate", reason, field="aggregates")
    return frozenset(wanted) or None
