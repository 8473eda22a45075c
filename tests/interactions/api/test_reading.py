"""The reading API: filters, pages, traces, sessions."""

import base64

import pytest

PATH = "/api/v1/interactions"

pytestmark = pytest.mark.django_db


@pytest.fixture
def ten(send):
    rows = [
        {
            "query": f"question {number} about invoices" if number % 2 else f"question {number} about shoes",
            "asked_at": f"2026-01-01T00:00:0{number}Z",
            "session_id": f"s{number % 3}",
            "model": "m1" if number < 5 else "m2",
            "status": "error" if number == 7 else "ok",
            "release": f"r{number // 5}",
            "category": "even" if number % 2 == 0 else "odd",
            "prompt_name": "p",
            "prompt_version": str(number // 4),
            "tags": ["first", "all"] if number == 0 else ["all"],
            "latency_ms": 100 * number,
            "cost_usd": f"0.00{number}",
        }
        for number in range(10)
    ]
    assert send(PATH, rows)[0] == 207


def numbers(page):
    return [int(row["query_preview"].split()[1]) for row in page["results"]]


def test_pages_follow_each_other_without_gap_or_repeat(ten, read):
    seen, cursor = [], ""
    while cursor is not None:
        _, page = read(PATH, limit=3, cursor=cursor)
        seen += numbers(page)
        cursor = page["next"]
    assert seen == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"session_id": "s1"}, [7, 4, 1]),
        ({"model": "m1"}, [4, 3, 2, 1, 0]),
        ({"status": "error"}, [7]),
        ({"since": "2026-01-01T00:00:08Z"}, [9, 8]),
        ({"until": "2026-01-01T00:00:02+00:00"}, [1, 0]),
        ({"q": "SHOES"}, [8, 6, 4, 2, 0]),
        ({"q": "invoices 3"}, [3]),
        ({"q": "invo"}, [9, 7, 5, 3, 1]),
        ({"q": "invoices -- ' \" * ("}, [9, 7, 5, 3, 1]),
        ({"q": "nothing"}, []),
        ({"q": "***"}, []),
        ({"user_id": "nobody"}, []),
        ({"release": "r0", "category": "odd"}, [3, 1]),
        ({"prompt_name": "p", "prompt_version": "2"}, [9, 8]),
        ({"tag": "first"}, [0]),
        ({"min_latency_ms": "300", "max_latency_ms": "500"}, [4, 3]),
        ({"min_cost_usd": "0.008"}, [9, 8]),
        ({"max_cost_usd": "2e-3"}, [1, 0]),
        ({"q": "invoices", "min_latency_ms": 600}, [9, 7]),
    ],
)
def test_filters(ten, read, parameters, expected):
    assert numbers(read(PATH, **parameters)[1]) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("since", "zzz"),
        ("status", "bad"),
        ("limit", "0"),
        ("limit", "abc"),
        ("cursor", "###"),
        ("q", "a\x00"),
        ("foo", "1"),
        ("min_latency_ms", "fast"),
        ("max_latency_ms", "-1"),
        ("min_cost_usd", "nan"),
        ("max_cost_usd", "1e99"),
        ("tag", "\x00"),
    ],
)
def test_a_bad_parameter_is_named(read, name, value):
    status, answer = read(PATH, **{name: value})
    assert (status, answer["error"]["field"]) == (400, name)


LISTS = (
    (PATH, "session_id model environment tag feedback min_latency_ms since until q limit"),
    ("/api/v1/traces", "session_id user_id status until"),
    ("/api/v1/events", "type session_id since"),
    ("/api/v1/feedback", "user_id min_rating has_comment since"),
    ("/api/v1/feedback/summary", "environment since"),
    ("/api/v1/scores", "name source interaction_id until"),
    ("/api/v1/statistics/system", "since until"),
    ("/api/v1/statistics/users/ann", "since"),
    ("/api/v1/metrics/interactions.count", "since by where resolution"),
    ("/api/v1/training/export", "min_rating judged_min with_signals format"),
    ("/api/v1/evaluations", "limit"),
)


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, names in LISTS for name in names.split()])
def test_an_empty_parameter_does_not_answer_everything(read, path, name):
    for value in ("", "  "):
        status, answer = read(path, **{name: value})
        assert (status, answer["error"]["code"], answer["error"]["field"]) == (400, "invalid", name)
        assert "leave it out" in answer["error"]["reason"]


@pytest.mark.parametrize(("path", "name"), [(path, names.split()[0]) for path, names in LISTS if "metrics" not in path])
def test_a_parameter_that_is_given_twice_is_named(read, path, name):
    status, answer = read(path, **{name: ["2026-01-01", "2026-01-02"]})
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (400, "invalid", name)
    assert "expected one value" in answer["error"]["reason"]


@pytest.mark.parametrize("path", [path for path, _ in LISTS if not path.endswith("evaluations")])
def test_a_time_that_ends_before_it_begins_is_named(read, path):
    status, answer = read(path, since="2026-01-02", until="2026-01-01")
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (400, "invalid", "since")


def test_a_page_that_ends_early_leads_on(ten, read, monkeypatch):
    monkeypatch.setattr("interactions.reading.selection.REACH", 3)
    pages, cursor = [], ""
    while cursor is not None:
        _, page = read(PATH, category="even", tag="first", cursor=cursor)
        pages.append(numbers(page))
        cursor = page["next"]
    assert pages == [[], [], [], [0]]


def test_a_session_is_read_in_its_order_with_whole_texts(send, read):
    text = "long " * 200
    send(PATH, [{"session_id": "a/b c", "query": text, "answer": str(n), "asked_at": 1_700_000_000 + n} for n in range(3)])
    status, session = read("/api/v1/sessions/a%2Fb%20c")
    assert (status, session["turns"]) == (200, 3)
    assert [turn["answer"] for turn in session["interactions"]] == ["0", "1", "2"]
    assert session["interactions"][0]["query"] == text


def test_an_interaction_has_the_same_shape_whether_it_was_sent_or_assembled(send, read):
    send(PATH, {"id": "5f0e9c64-8f6e-4f0e-9d0c-1f6f3f1f9a01", "trace_id": "sent"})
    send("/api/v1/spans", {"trace_id": "traced", "name": "search", "kind": "retriever", "session_id": "s"})
    sent, assembled = (read(f"/api/v1/traces/{name}")[1]["interactions"][0] for name in ("sent", "traced"))
    assert sent.keys() == assembled.keys()
    bare = {"query": None, "answer": None, "passages": [], "metadata": None, "error": None, "attributes": {}}
    for interaction in (sent, assembled, read("/api/v1/sessions/s")[1]["interactions"][0]):
        assert {name: interaction[name] for name in bare} == bare


def test_a_trace_says_while_its_root_is_missing(send, read):
    child = {"trace_id": "late", "name": "search", "parent_span_id": "a" * 16}
    send("/api/v1/spans", child)
    assert read("/api/v1/traces/late")[1]["is_root_missing"] is True
    send("/api/v1/spans", {"trace_id": "late", "name": "request", "span_id": "a" * 16})
    assert read("/api/v1/traces/late")[1]["is_root_missing"] is False
    send("/api/v1/spans", child | {"trace_id": "told"})
    send(PATH, {"trace_id": "told", "query": "why?"})
    assert read("/api/v1/traces/told")[1]["is_root_missing"] is False


def test_langfuses_check_of_a_key_finds_its_project_alone(project, key, client):
    project.__class__.objects.create(slug="other", name="Other")
    basic = base64.b64encode(f"pk-any:{key}".encode()).decode()
    answer = client.get("/api/public/projects", HTTP_AUTHORIZATION=f"Basic {basic}")
    organization = {"id": "observatory", "name": "Observatory"}
    one = {"id": "shop", "name": "Shop", "organization": organization, "metadata": {}}
    assert (answer.status_code, answer.json()) == (200, {"data": [one]})


@pytest.mark.parametrize("path", ["/api/v1/traces/nope", "/trace/nope", "/api/v1/sessions/nope"])
def test_unknown_is_404(read, path):
    status, answer = read(path)
    assert (status, answer["error"]["code"]) == (404, "not_found")


def test_a_traced_request_shows_its_stages_events_and_decision(send, read):
    trace = {"trace_id": "req-17"}
    send("/api/v1/spans", {**trace, "span_id": "a", "name": "request", "duration_ms": 900, "started_at": 1_700_000_000})
    send("/api/v1/spans", {**trace, "name": "llm_call", "kind": "llm", "parent_span_id": "a", "started_at": 1_700_000_000.1,
                           "duration_ms": 700, "model": "gpt-4o", "input_tokens": 1000, "output_tokens": 100})  # fmt: skip
    send("/api/v1/events", {**trace, "type": "llm.request", "component": "router", "data": {"attempt": 1}})
    send(PATH, {**trace, "query": "hungry", "answer": "soup", "final_decision": "soup", "model_version": "v3"})
    _, whole = read("/trace/req-17")
    assert [(span["name"], span["kind"]) for span in whole["spans"]] == [("request", "other"), ("llm_call", "llm")]
    assert (whole["final_decision"], whole["model_version"]) == ("soup", "v3")
    assert whole["events"][0]["component"] == "router"
    assert whole["totals"]["input_tokens"] == 1000
    assert whole["totals"]["cost_usd"] == pytest.approx(0.0035)
    assert len(whole["interactions"]) == 1
