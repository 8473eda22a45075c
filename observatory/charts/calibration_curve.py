"""Confidence against what came of it: points with their intervals beside the line on which they should lie."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.charts.chart import AXIS_WORDS, Chart, colour, frame, value_axis
from observatory.charts.marks import Datum

HEIGHT = 260
ENDS = [0, 0.25, 0.5, 0.75, 1]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Of `n` answers with a confidence in [low, high): its mean, and the share of good ones with its interval."""

    low: float
    high: float
    n: int
    confidence: float
    share: float
    interval: tuple[float, float]


def calibration_chart(curves: Mapping[str, Sequence[CurvePoint]], *, description: str) -> Chart:
    """Draw curves by name. The dashed line is a perfect confidence."""
    data = [_datum(name, point) for name, points in curves.items() for point in points]
    axis = {"labelExpr": AXIS_WORDS["share"], "values": ENDS, "grid": False}
    x = {"field": "x", "type": "quantitative", "title": "confidence", "scale": {"domain": [0, 1]}, "axis": axis}
    y = value_axis("share", scale={"domain": [0, 1]})
    y["title"] = "share of good answers"
    rule = {
        "data": {"values": [{"x": 0, "v": 0, "x2": 1, "v2": 1}]},
        "mark": {"type": "rule", "style": "limit"},
        "encoding": {"x": x, "y": y, "x2": {"field": "x2"}, "y2": {"field": "v2"}},
    }
    shade = colour(list(curves))
    interval = {
        "mark": {"type": "rule", "opacity": 0.5},
        "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": shade},
    }
    line = {"mark": {"type": "line", "strokeWidth": 1.5}, "encoding": {"x": x, "y": y, "color": shade}}
    point = {"mark": {"type": "point", "filled": True, "size": 45}, "encoding": {"x": x, "y": y, "color": shade}}
    return frame(
        data,
        description=description,
        height=HEIGHT,
        heads=("Confidence", "Held against", "Share of good answers"),
        note="Dashed: a perfect confidence. Upright: 95 % intervals. A tenth with fewer than 5 answers has no point.",
        layer=[rule, interval, line, point],
    )


def _datum(name: str, one: CurvePoint) -> Datum:
    low, high = one.interval
    return {
        "x": one.confidence,
        "v": one.share,
        "low": low,
        "high": high,
        "name": name,
        "at": f"{one.low:.1f} to {one.high:.1f}, mean {one.confidence:.2f}",
        "said": f"{one.share:.0%} good ({low:.0%} to {high:.0%})",
        "n": one.n,
    }
