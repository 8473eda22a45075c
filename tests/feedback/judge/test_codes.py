"""What an endpoint's error means."""

import pytest

from feedback.quality.judge.codes import is_lasting

EMPTY, BUSY = "insufficient_quota", "rate_limit_exceeded"


@pytest.mark.parametrize(
    "error, lasts",
    [
        ({"code": EMPTY}, True),
        ({"code": BUSY, "type": EMPTY}, True),
        ({"code": EMPTY, "type": BUSY}, True),
        ({"code": BUSY, "type": "requests"}, False),
        ({"code": 429, "message": EMPTY}, False),
        ({}, False),
    ],
)
def test_an_empty_account_is_not_waited_for_whichever_field_says_so(error, lasts):
    assert is_lasting(error) is lasts
