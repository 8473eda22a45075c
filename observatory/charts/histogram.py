"""How values are spread: columns whose edges are given."""

from collections.abc import Sequence
from dataclasses import dataclass

from observatory.charts.chart import AXIS_WORDS, NUMBER, Chart, frame, value_axis
from observatory.charts.marks import Mark, Say, words


@dataclass(frozen=True, slots=True)
class Bin:
    """Values in [low, high); the mark's value is their number or share."""

    low: float
    high: float
    mark: Mark


def histogram(
    bins: Sequence[Bin],
    *,
    unit: str,
    say: Say,
    description: str,
    is_log: bool = False,
    rules: Sequence[tuple[str, float]] = (),
) -> Chart:
    """Draw the bins; with `is_log` on a logarithmic axis, as times are read. `rules` are named values, drawn upright."""
    data = [
        {"low": one.low, "high": one.high, "v": one.mark.value, "at": f"{say(one.low)} to {say(one.high)}"}
        | words(one.mark, lambda number: f"{number:,.0f}")
        for one in bins
    ]
    axis = {"labelExpr": AXIS_WORDS.get(unit, NUMBER), "grid": False, "labelOverlap": True}
    scale = {"type": "log" if is_log else "linear", "nice": False, "zero": False}
    columns = {
        "mark": {"type": "rect"},
        "encoding": {
            "x": {"field": "low", "type": "quantitative", "title": None, "scale": scale, "axis": axis},
            "x2": {"field": "high"},
            "y": value_axis("1"),
            "y2": {"datum": 0},
        },
    }
    layer = [columns]
    if rules:
        named = [{"low": value, "rule": f"{name} {say(value)}", "at": name, "said": say(value)} for name, value in rules]
        upright = {"x": {"field": "low", "type": "quantitative"}}
        layer += [
            {"data": {"values": named}, "mark": {"type": "rule", "style": "limit"}, "encoding": upright},
            {
                "data": {"values": named},
                "mark": {"type": "text", "align": "left", "dx": 4, "baseline": "top", "style": "rule-label"},
                "encoding": {**upright, "y": {"value": 0}, "text": {"field": "rule"}},
            },
        ]
    return frame(data, description=description, layer=layer)
