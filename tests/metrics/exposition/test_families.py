"""The families of the catalogue fit together and carry the names, labels and boundaries that the ledger fixes."""

import re

import pytest

from observatory.metrics import catalogue
from observatory.metrics.catalogue import Exposed, Kind, Metric, Prometheus
from observatory.metrics.exposition.families import families, listed

# Ledger T7, L2, F4: name, type, labels; quality, satisfaction, drift and training come with their own apps.
LEDGER = {
    "{ns}_http_requests_total": ("counter", {"method", "endpoint", "status_code", "user_type"}),
    "{ns}_http_request_duration_seconds": ("histogram", None),
    "{ns}_gesture_recognition_accuracy": ("gauge", {"model_version"}),
    "{ns}_llm_response_time_seconds": ("histogram", {"model_name", "prompt_type"}),
    "{ns}_llm_tokens_used_total": ("counter", {"model_name", "token_type"}),
    "{ns}_active_sessions_total": ("gauge", set()),
    "chat_response_time_seconds": ("histogram", set()),
    "llm_token_usage_total": ("counter", {"model", "type"}),
    "chat_memory_bytes": ("gauge", set()),
    "vector_store_operations_total": ("counter", {"operation", "status"}),
    "graph_node_duration_seconds": ("histogram", {"node_name"}),
    "{ns}_query_processing_time_ms": ("histogram", {"stage", "model_version"}),
    "{ns}_queries_total": ("counter", None),
    "{ns}_llm_api_calls_total": ("counter", None),
    "{ns}_system_health": ("gauge", None),
    "{ns}_current_model_version": ("gauge", None),
}


@pytest.mark.parametrize("name", LEDGER)
def test_a_name_of_the_ledger_is_a_family_with_its_labels(name):
    kind, labels = LEDGER[name]
    found = next(one for one in families() if one.name == name)
    assert found.prometheus_type == kind
    assert labels is None or set(found.labels) == labels


def test_the_response_time_of_a_chat_has_the_boundaries_of_the_ledger():
    found = next(one for one in families() if one.name == "chat_response_time_seconds")
    assert found.boundaries == (0.1, 0.5, 1.0, 2.0, 5.0)


@pytest.mark.parametrize("family", families(), ids=lambda one: one.name)
def test_a_family_is_well_formed(family):
    assert re.fullmatch(r"(\{ns\}_)?[a-z][a-z0-9_]*", family.name)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", label) and label != "le" for label in family.labels)
    assert len(set(family.labels)) == len(family.labels)
    assert family.help.endswith(".")
    assert list(family.boundaries) == sorted(set(family.boundaries))
    assert bool(family.boundaries) == (family.type is Exposed.HISTOGRAM)
    assert family.name.endswith("_total") or family.type is not Exposed.COUNTER
    for metric, declared in family.parts:
        assert {ours for _, ours in declared.labels} <= {label.name for label in metric.labels}
        assert metric.kind is Kind.DISTRIBUTION or family.type is not Exposed.HISTOGRAM
        assert metric.kind is Kind.GAUGE or family.type is not Exposed.GAUGE_LAST
        assert metric.kind is Kind.DISTINCT or family.type is not Exposed.GAUGE_DISTINCT


def test_declarations_of_one_name_that_differ_are_refused(facts, monkeypatch):
    other = Metric(
        "test.more", "1", "More.", Kind.COUNT, catalogue.metric("test.calls").source,
        prometheus=(Prometheus("calls_total", Exposed.COUNTER),),
    )  # fmt: skip
    monkeypatch.setitem(catalogue._METRICS, other.name, other)
    with pytest.raises(ValueError, match="calls_total"):
        families()


def test_the_list_for_the_documents_names_everything_once():
    names = [one.name for one in listed()]
    assert len(names) == len(set(names))
    assert {"{ns}_digest_lag_seconds", *(one.name for one in families())} <= set(names)
