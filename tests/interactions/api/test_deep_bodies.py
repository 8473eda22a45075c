"""A body too deep for Python, or of too many keys, is refused, or kept as the text that it came as; never a 500."""

import json

import pytest

pytestmark = pytest.mark.django_db
SPAN = {
    "traceId": "0af7651916cd43dd8448eb211c80319c",
    "spanId": "b7ad6b7169203331",
    "name": "chat",
    "startTimeUnixNano": "1767225600000000000",
    "endTimeUnixNano": "1767225600000000000",
}
NATIVE = {
    "/api/v1/events": '"type":"x"',
    "/api/v1/interactions": '"query":"q"',
    "/api/v1/spans": '"trace_id":"t","name":"n"',
    "/api/metrics/client": '"type":"performance","data":{}',
}


def deep(levels: int, *, core: str = "") -> str:
    return "[" * levels + core + "]" * levels


def request(*spans: str) -> str:
    return f'{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{",".join(spans)}]}}]}}]}}'


@pytest.mark.parametrize("nul", ['"\\u0000"', '"\\ud800"'])
def test_an_unknown_field_of_otlp_may_be_nested_and_hold_nul(send, nul):
    body = '{"x":' + deep(400, core=nul) + ',"resourceSpans":[]}'
    assert send("/v1/traces", body) == (200, {})


def test_a_deep_otlp_value_with_nul_costs_only_its_span(send):
    value = '{"arrayValue":{"values":[' * 300 + '{"stringValue":"\\u0000"}' + "]}}" * 300
    bad = json.dumps(SPAN)[:-1] + ',"attributes":[{"key":"a","value":' + value + "}]}"
    status, answer = send("/v1/traces", request(json.dumps(SPAN), bad))
    assert (status, answer["partialSuccess"]["rejectedSpans"]) == (200, "1")
    assert "too_deep" in answer["partialSuccess"]["errorMessage"]


def test_a_deep_json_text_with_nul_stays_text(send, read):
    text = '["\\u0000",' + deep(990) + "]"
    span = SPAN | {"attributes": [{"key": "input.value", "value": {"stringValue": text}}]}
    assert send("/v1/traces", request(json.dumps(span))) == (200, {})
    assert read(f"/api/v1/traces/{SPAN['traceId']}")[1]["spans"][0]["input"] == text


@pytest.mark.parametrize("path", NATIVE)
@pytest.mark.parametrize("levels", [40, 300, 1010])
def test_a_deep_native_record_is_refused_with_its_field(send, path, levels):
    status, answer = send(path, "{" + NATIVE[path] + ',"x":' + deep(levels) + "}")
    assert status == 400
    assert answer["error"]["code"] == "too_deep"


@pytest.mark.parametrize("path", ["/api/v1/events", "/api/v1/interactions", "/api/v1/spans"])
def test_a_thousand_keys_beyond_the_fields_are_kept_and_one_more_refused(send, path):
    for number, expected in ((1000, 201), (1001, 400), (5000, 400)):
        keys = ",".join(f'"key {key}":1' for key in range(number))
        status, answer = send(path, "{" + NATIVE[path] + "," + keys + "}")
        assert status == expected, number
    assert (answer["error"]["code"], answer["error"]["field"]) == ("too_many_keys", "attributes")


def test_a_deep_record_costs_only_itself(send):
    status, answer = send("/api/v1/events", '[{"type":"a"},{"type":"b","x":' + deep(1000) + "}]")
    assert (status, [one["status"] for one in answer["results"]]) == (207, [201, 400])
    assert answer["results"][1]["error"]["field"] == "x"


def test_a_whole_number_beyond_every_column_is_refused(send):
    data = '{"type":"question_category","data":{"category":"\\ud800","questionLength":1' + "0" * 400 + "}}"
    status, answer = send("/api/metrics/client", data)
    assert (status, answer["error"]["field"]) == (400, "data.questionLength")
