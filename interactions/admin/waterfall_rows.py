"""The bars of a waterfall as the template writes them: plain texts by name.

A page may have 500 rows. Django's templates look a name up in a dict in a third of the time that an attribute takes, for
they try the key first; so what a row says is worked out here.
"""

from typing import Any
from urllib.parse import urlencode

from interactions.admin.waterfall import Bar
from observatory.core.formats import count, dollars, duration


def rows_of(bars: list[Bar], *, address: str, chosen: str) -> list[dict[str, Any]]:
    """Return a row for each bar. `address` is that of the trace, `chosen` the id of the span that is open."""
    return [
        _placed(bar)
        | _named(bar)
        | _spent(bar)
        | {"url": span_url(address, bar.span.span_id), "is_chosen": bar.span.span_id == chosen}
        for bar in bars
    ]


def span_url(address: str, span_id: str) -> str:
    """`address` is that of the trace, worked out once a page."""
    return f"{address}&{urlencode({'span': span_id})}#span"


def _placed(bar: Bar) -> dict[str, Any]:
    return {
        "level": str(bar.level),
        "depth": str(bar.depth),
        "x": str(bar.x),
        "width": str(bar.width),
        "band": bar.band and {"x": str(bar.band.x), "width": str(bar.band.width)},
    }


def _named(bar: Bar) -> dict[str, Any]:
    return {
        "kind": bar.kind,
        "name": bar.span.name or "(no name)",
        "is_error": bar.span.is_error,
        "is_orphan": bar.is_orphan,
        "times": bar.times,
        "usual": bar.usual,
        "spans_below": bar.below.spans and count(bar.below.spans),
        "failed_below": bar.below.failed and count(bar.below.failed),
        "calls_below": bar.below.calls and count(bar.below.calls),
    }


def _spent(bar: Bar) -> dict[str, Any]:
    """Its own tokens and cost, or else the sums of the calls below it; "" where there are none."""
    span, below = bar.span, bar.below
    has_tokens = span.input_tokens is not None or span.output_tokens is not None
    return {
        "duration": duration(span.duration_ms),
        "tokens": f"{count(span.input_tokens)} → {count(span.output_tokens)}" if has_tokens else "",
        "tokens_below": f"Σ {count(below.input_tokens)} → {count(below.output_tokens)}" if below.calls else "",
        "cost": "" if span.cost_usd is None else dollars(span.cost_usd),
        "cost_below": "" if below.cost is None else f"Σ {dollars(below.cost)}",
        "is_unpriced": bool(below.unpriced),
    }
