"""How values are spread: columns whose edges are given."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from observatory.charts.chart import AXIS_WORDS, NUMBER, Chart, frame, value_axis
from observatory.charts.marks import Mark, Say, words

RULE_PX = 14


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
    axis: dict[str, Any] = {"labelExpr": AXIS_WORDS.get(unit, NUMBER), "grid": False, "labelOverlap": True}
    scale: dict[str, Any] = {"type": "linear", "nice": False, "zero": False}
    if is_log and bins:
        axis["values"] = _round_values(bins[0].low, bins[-1].high)
        scale = {"type": "log", "nice": False}
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
    for place, (name, value) in enumerate(rules):
        named = [{"low": value, "rule": f"{name} {say(value)}", "at": name, "said": say(value)}]
        upright = {"x": {"field": "low", "type": "quantitative"}}
        label = {"type": "text", "align": "left", "dx": -2, "baseline": "bottom", "style": "rule-label"}
        layer += [
            {"data": {"values": named}, "mark": {"type": "rule", "style": "limit"}, "encoding": upright},
            {
                "data": {"values": named},
                "mark": label,
                # Above the columns, each on a line of its own: two values may be near each other.
                "encoding": {**upright, "y": {"value": -RULE_PX * (len(rules) - 1 - place)}, "text": {"field": "rule"}},
            },
        ]
    return frame(data, description=description, heads=("Between", "Series", "How many"), layer=layer)


def _round_values(low: float, high: float) -> list[float]:
    """1, 2 and 5 times the powers of ten between two values."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [one for power in powers for step in (1, 2, 5) if low <= (one := step * 10.0**power) <= high]
