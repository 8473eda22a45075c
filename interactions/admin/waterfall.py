"""The spans of a trace as the rows of a waterfall. Pure; it sees rows, never a queryset."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from interactions.digest.span_rows import SpanRow
from interactions.models import Kind
from observatory.core.formats import duration

MAX_ROWS = 500
MAX_DEPTH = 12  # deeper spans are drawn at this indentation
SCALE = 1000  # width of the drawing in its own units
MIN_WIDTH = 3
TICKS = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One span: `x` and `width` in thousandths of the whole trace."""

    span: SpanRow
    kind: str
    depth: int
    x: float
    width: float
    offset_ms: float
    is_orphan: bool


@dataclass(frozen=True, slots=True)
class Waterfall:
    """`hidden` spans are not drawn; `ticks` are the labels of the time axis."""

    bars: list[Bar]
    total_ms: float
    hidden: int
    ticks: list[str]


def make_waterfall(spans: Sequence[SpanRow]) -> Waterfall:
    """Draw the spans as a tree in order of their start, the first MAX_ROWS of them."""
    if not spans:
        return Waterfall([], 0.0, 0, [])
    begin = min(span.started_at for span in spans)
    offsets = {span.span_id: (span.started_at - begin) / timedelta(milliseconds=1) for span in spans}
    total_ms = max(offsets[span.span_id] + max(span.duration_ms, 0.0) for span in spans)
    known = offsets.keys()
    bars = [
        _bar(
            span,
            depth,
            offsets[span.span_id],
            total_ms,
            is_orphan=bool(span.parent_span_id) and span.parent_span_id not in known,
        )
        for span, depth in in_tree_order(spans)[:MAX_ROWS]
    ]
    ticks = [duration(total_ms * step / TICKS) for step in range(TICKS + 1)]
    return Waterfall(bars, total_ms, len(spans) - len(bars), ticks)


def _bar(span: SpanRow, depth: int, offset_ms: float, total_ms: float, *, is_orphan: bool) -> Bar:
    scale = SCALE / total_ms if total_ms else 0.0
    width = min(max(span.duration_ms * scale, MIN_WIDTH), SCALE)
    x = min(offset_ms * scale, SCALE - width)
    return Bar(span, Kind(span.kind).label, min(depth, MAX_DEPTH), round(x, 2), round(width, 2), offset_ms, is_orphan)


def in_tree_order(spans: Sequence[SpanRow]) -> list[tuple[SpanRow, int]]:
    """Each span with its depth, parents before children, siblings by start. Whoever a cycle hides stands as a root."""
    ordered = sorted(spans, key=lambda span: (span.started_at, span.span_id))
    known = {span.span_id for span in ordered}
    children: dict[str | None, list[SpanRow]] = defaultdict(list)
    for span in ordered:
        children[span.parent_span_id if span.parent_span_id in known else None].append(span)
    found: list[tuple[SpanRow, int]] = []
    seen: set[str] = set()
    for root in (*children[None], *ordered):
        waiting = [(root, 0)]
        while waiting:
            span, depth = waiting.pop()
            if span.span_id in seen:
                continue
            seen.add(span.span_id)
            found.append((span, depth))
            waiting.extend((child, depth + 1) for child in reversed(children[span.span_id]))
    return found
