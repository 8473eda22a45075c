"""What the spans below a span used together, and which of them failed. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from interactions.digest.span_rows import SpanRow

Number = TypeVar("Number", int, Decimal)


@dataclass(frozen=True, slots=True)
class Subtree:
    """A span with all below it: `calls` are the model calls whose tokens count, `failed` are failed spans below it.

    Tokens are None where no call says them; the cost is None where a call has no known price.
    """

    calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: Decimal | None = None
    unpriced: int = 0
    spans: int = 0
    failed: int = 0

    @property
    def cost(self) -> Decimal | None:
        return None if self.unpriced else self.cost_usd


NOTHING = Subtree()


def subtrees(tree: Sequence[tuple[SpanRow, int]], counted: Collection[str]) -> dict[str, Subtree]:
    """Return the subtree of each span. `tree` has parents before their children, each with its depth."""
    found: dict[str, Subtree] = {}
    waiting: dict[int, Subtree] = {}  # what was seen at a depth and belongs to a parent further up
    for span, depth in reversed(tree):
        below = waiting.pop(depth + 1, NOTHING)
        whole = _joined(below, _own(span)) if span.span_id in counted else below
        found[span.span_id] = whole
        alone = Subtree(spans=1, failed=int(span.is_error))
        waiting[depth] = _joined(waiting.get(depth, NOTHING), _joined(whole, alone))
    return found


def _own(span: SpanRow) -> Subtree:
    return Subtree(1, span.input_tokens, span.output_tokens, span.cost_usd, int(span.cost_usd is None))


def _joined(one: Subtree, other: Subtree) -> Subtree:
    return Subtree(
        one.calls + other.calls,
        _sum(one.input_tokens, other.input_tokens),
        _sum(one.output_tokens, other.output_tokens),
        _sum(one.cost_usd, other.cost_usd),
        one.unpriced + other.unpriced,
        one.spans + other.spans,
        one.failed + other.failed,
    )


def _sum(one: Number | None, other: Number | None) -> Number | None:
    return other if one is None else one if other is None else one + other
