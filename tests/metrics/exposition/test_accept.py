"""The Accept header chooses between the text format and OpenMetrics."""

import pytest

from observatory.metrics.exposition.accept import OPENMETRICS, TEXT, content_type

PROMETHEUS = (
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
    "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
)


@pytest.mark.parametrize(
    "accept, chosen",
    [
        (PROMETHEUS, OPENMETRICS),
        ("application/openmetrics-text", OPENMETRICS),
        ("APPLICATION/OpenMetrics-Text; Version=1.0.0 ; charset=utf-8", OPENMETRICS),
        ("text/plain;version=0.0.4", TEXT),
        ("text/plain, application/openmetrics-text;q=0.5", TEXT),
        ("application/openmetrics-text;version=0.0.1", TEXT),
        ("application/openmetrics-text;q=0", TEXT),
        ("application/openmetrics-text;q=nonsense", TEXT),
        ("text/html,*/*;q=0.8", TEXT),
        ("", TEXT),
        (";;,,=", TEXT),
    ],
)
def test_the_format_that_is_preferred_is_answered(accept, chosen):
    assert content_type(accept) == chosen
