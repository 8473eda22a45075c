"""What a trace's tree says of whole branches: tokens, cost, failures below."""

from datetime import UTC, datetime
from decimal import Decimal

from interactions.admin.subtrees import subtrees
from interactions.admin.waterfall import in_tree_order
from interactions.digest.span_rows import SpanRow
from interactions.models import Kind

TRACE = "/admin/interactions/interaction/trace/"
AT = datetime(2026, 3, 1, tzinfo=UTC)


def row(number, parent=None, *, cost=None, tokens=(None, None), is_error=False):
    return SpanRow(
        "t", str(number), None if parent is None else str(parent), None, Kind.LLM, is_error, False, False, AT, 1.0, None,
        f"span {number}", "m", "", *tokens, None, None, None, None if cost is None else Decimal(cost),
    )  # fmt: skip


def test_a_branch_adds_up_the_calls_that_count():
    rows = [row(0), row(1, 0), row(2, 1, cost="0.5", tokens=(10, 1)), row(3, 1, cost="0.25", tokens=(5, None)), row(4, 0)]
    found = subtrees(in_tree_order(rows), {"2", "3"})
    assert (found["0"].input_tokens, found["0"].output_tokens, found["0"].cost, found["0"].calls) == (
        15,
        1,
        Decimal("0.75"),
        2,
    )
    assert found["1"] == found["0"].__class__(**{**_as_dict(found["0"]), "spans": 2})
    assert found["4"].calls == 0
    assert found["0"].spans == 4


def _as_dict(one):
    return {name: getattr(one, name) for name in one.__slots__}


def test_a_call_without_a_price_leaves_the_sum_unknown():
    rows = [row(0), row(1, 0, cost="1", tokens=(1, 1)), row(2, 0, tokens=(1, 1))]
    whole = subtrees(in_tree_order(rows), {"1", "2"})["0"]
    assert whole.cost is None
    assert whole.unpriced == 1


def test_failures_are_counted_below_and_not_of_the_span_itself():
    rows = [row(0), row(1, 0, is_error=True), row(2, 1, is_error=True), row(3, 0)]
    found = subtrees(in_tree_order(rows), set())
    assert [found[str(number)].failed for number in range(4)] == [2, 1, 0, 0]


def test_a_cycle_of_parents_adds_up_too():
    rows = [row(0, 1), row(1, 0), row(2, 2)]
    assert sum(one.spans for one in subtrees(in_tree_order(rows), set()).values()) >= 1


def span(number, parent=None, **more):
    found = {
        "trace_id": "a" * 32,
        "span_id": f"{number:016x}",
        "name": f"s{number}",
        "kind": "chain",
        "duration_ms": 5,
        **more,
    }
    return {**found, "parent_span_id": f"{parent:016x}"} if parent is not None else found


def test_the_page_sums_a_branch_and_marks_what_failed_below(admin_client, shop, send):
    send(
        shop,
        "spans",
        span(1, input="q"),
        span(2, 1, kind="llm", model="gpt-4o-mini", input_tokens=800, output_tokens=20),
        span(3, 1, kind="llm", model="gpt-4o-mini", input_tokens=200, output_tokens=30),
        span(4, 1, kind="tool", status="error", error={"message": "no"}),
    )
    text = admin_client.get(TRACE, {"project": "shop", "id": "a" * 32}).content.decode()
    assert "Σ 1,000 → 50" in text
    assert "1 failed below" in text
    assert text.count("data-twist") == 1
