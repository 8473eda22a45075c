"""A number where OTLP wants a text, in a log record: kept in a form that either store gives back."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["stringValue", "bytesValue", "boolValue", "doubleValue"])
def test_the_largest_double_can_be_read_again(send, read, name):
    record = {
        "traceId": "1" * 32,
        "timeUnixNano": 1_767_225_600_000_000_000,
        "eventName": "e",
        "attributes": [{"key": "n", "value": {name: 1.7976931348623157e308}}],
    }
    assert send("/v1/logs", {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}) == (200, {})
    status, answer = read("/api/v1/traces/" + "1" * 32)
    assert (status, answer["events"][0]["data"]["attributes"]) == (200, {"n": "1.7976931348623157e+308"})
