"""The two text formats, held against the parsers of Prometheus's own Python client."""

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from observatory.metrics.exposition.samples import Histogram, Sample
from observatory.metrics.exposition.text import Exemplar, Writer, number

HOSTILE = 'a"b\\c\nd{}#,= é \u202e'


def written(writer, *, value=HOSTILE):
    lines = writer.head("calls_total", "counter", 'Calls of "a" \\ b\nand more.')
    lines += writer.scalars("calls_total", ("model",), [Sample((value,), 3)])
    lines += writer.head("time_seconds", "histogram", "Time.")
    one = Histogram((value,), (1, 2), 4, 3.25)
    exemplars = {(value,): {1: Exemplar("t" * 32, 0.7, 1_700_000_000.5)}}
    lines += writer.histograms("time_seconds", ("model",), (0.1, 1.0), [one], exemplars)
    return "\n".join([*lines, *writer.end()]) + "\n"


@pytest.mark.parametrize("is_openmetrics, parse", [(False, parse_text), (True, parse_openmetrics)])
def test_labels_come_back_as_they_were(is_openmetrics, parse):
    families = {one.name: one for one in parse(written(Writer(is_openmetrics)))}
    assert {sample.labels["model"] for one in families.values() for sample in one.samples} == {HOSTILE}
    counts = {one.labels["le"]: one.value for one in families["time_seconds"].samples if one.name.endswith("_bucket")}
    assert counts == {"0.1": 1, "1.0": 2, "+Inf": 4}


def test_openmetrics_has_exemplars_and_the_text_format_none():
    found = [
        sample.exemplar for one in parse_openmetrics(written(Writer(True))) for sample in one.samples if sample.exemplar
    ]
    assert [(one.labels, one.value) for one in found] == [({"trace_id": "t" * 32}, 0.7)]
    assert "trace_id" not in written(Writer(False))


def test_both_formats_name_a_series_alike():
    lines = [{line for line in written(Writer(kind)).splitlines() if line[0] != "#"} for kind in (False, True)]
    assert lines[0] == {line.partition(" # ")[0] for line in lines[1]}


@pytest.mark.parametrize("value, text", [(3.0, "3"), (0.1, "0.1"), (1e22, "1e+22"), (-2.5, "-2.5"), (float("nan"), "nan")])
def test_numbers_are_short_and_exact(value, text):
    assert number(value) == text
