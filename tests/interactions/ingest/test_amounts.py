"""What counts as an amount, and that nothing beyond a column gets into it."""

from decimal import Decimal

import pytest

from interactions.ingest.amounts import dollars_of, rounded

TOO_MUCH = "99999999.9999999999999"  # the column has twelve places: to these, it is 100000000


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        (0.00114625, "0.00114625"),
        ("0.1", "0.1"),
        (3, "3"),
        ("0.0000000000001", "0"),
        ("99999999.999999999999", "99999999.999999999999"),
        (TOO_MUCH, None),
        (10**8, None),
        ("1e30", None),
        ("NaN", None),
        ("Infinity", None),
        (-1, None),
        ("-0.0", "0"),
        ("about 1", None),
        ("1" * 61, None),
        (True, None),
        ([1], None),
    ],
)
def test_an_amount_is_what_a_column_holds(value, amount):
    assert dollars_of(value) == (None if amount is None else Decimal(amount))


def test_no_amount_has_a_sign_of_zero():
    assert format(rounded(Decimal("-0.0")), "f") == "0.000000000000"


@pytest.mark.django_db
def test_an_amount_that_rounds_beyond_the_column_costs_only_its_record(send, read):
    status, answer = send("/api/v1/interactions", [{"query": "good"}, {"query": "bad", "cost_usd": TOO_MUCH}])
    assert (status, [one["status"] for one in answer["results"]]) == (207, [201, 400])
    status, answer = read("/api/v1/interactions")
    assert (status, [one["query_preview"] for one in answer["results"]]) == (200, ["good"])


@pytest.mark.django_db
def test_an_otlp_amount_that_rounds_beyond_the_column_stays_an_attribute(send, read):
    span = {
        "traceId": "1" * 32,
        "spanId": "2" * 16,
        "startTimeUnixNano": 1_767_225_600_000_000_000,
        "attributes": [
            {"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}},
            {"key": "gen_ai.usage.cost", "value": {"stringValue": TOO_MUCH}},
        ],
    }
    assert send("/v1/traces", {"resourceSpans": [{"scopeSpans": [{"spans": [span]}]}]}) == (200, {})
    (found,) = read("/api/v1/traces/" + "1" * 32)[1]["spans"]
    assert (found["cost_usd"], found["attributes"]["gen_ai.usage.cost"]) == (None, TOO_MUCH)
