"""What every chart has in common: the frame of the specification, its axes, and the words of a mark."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
HEIGHT = 180
TIME_HEADS = ("Time", "Series", "Value")
# The words of an axis, as expressions of Vega. Whole words of a figure come with the data: see `Mark.said`.
NUMBER = "abs(datum.value) >= 1000 ? format(datum.value, '.3~s') : format(datum.value, '.3~r')"
_BYTES = (
    "(datum.value == 0 ? '0' : abs(datum.value) < 1e3 ? format(datum.value, '.3~r') + ' B' : "
    "abs(datum.value) < 1e6 ? format(datum.value / 1e3, '.3~r') + ' kB' : "
    "abs(datum.value) < 1e9 ? format(datum.value / 1e6, '.3~r') + ' MB' : format(datum.value / 1e9, ',.3~r') + ' GB')"
)
AXIS_WORDS: Mapping[str, str] = {
    "ms": (
        "datum.value == 0 ? '0' : abs(datum.value) < 1000 ? format(datum.value, '.3~r') + ' ms' : "
        "abs(datum.value) < 60000 ? format(datum.value / 1000, '.3~r') + ' s' : "
        "abs(datum.value) < 3600000 ? format(datum.value / 60000, '.3~r') + ' min' : "
        "format(datum.value / 3600000, '.3~r') + ' h'"
    ),
    "usd": (
        "datum.value == 0 ? '$0' : abs(datum.value) >= 1000 ? '$' + format(datum.value, '.3~s') : "
        "'$' + format(datum.value, '.3~r')"
    ),
    "share": "format(datum.value * 100, '.3~r') + ' %'",
    "percent": "format(datum.value, '.3~r') + ' %'",
    "bytes": _BYTES,
    "bytes/s": f"{_BYTES} + (datum.value == 0 ? '' : '/s')",
}
# Hours in UTC as everywhere else; the day where it begins.
TIME_WORDS = (
    "utchours(datum.value) == 0 && utcminutes(datum.value) == 0 ? utcFormat(datum.value, '%-d %b') : "
    "utcFormat(datum.value, '%H:%M')"
)
Datum = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chart:
    """A specification of Vega-Lite with its data in it. `description` says the same to who cannot see it.

    `heads` name the columns of its table: where or when, which, and how much. `note` explains what is drawn, below it.
    """

    spec: Mapping[str, Any]
    description: str
    heads: tuple[str, str, str] = TIME_HEADS
    note: str = ""

    @property
    def rows(self) -> Sequence[Datum]:
        """The data of the chart, as it was given."""
        return self.spec["data"]["values"]


def frame(
    data: Sequence[Datum],
    *,
    description: str,
    height: int | Mapping[str, int] = HEIGHT,
    heads: tuple[str, str, str] = TIME_HEADS,
    note: str = "",
    **rest: Any,
) -> Chart:
    """Return a chart as wide as its box. `rest` are the parts of the specification that make it this chart."""
    spec = {
        "$schema": SCHEMA,
        "description": description,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": list(data)},
        **rest,
    }
    return Chart(spec, description, heads, note)


def milliseconds(at: datetime) -> int:
    """Unix time as Vega counts it."""
    return round(at.timestamp() * 1_000)


def _number(value: float) -> dict[str, str]:
    """An end of an axis. `domain` would be in conflict with that of an end `x2`, and a plain number becomes a call of
    `datetime` that the interpreter without eval does not know like the compiler."""
    return {"expr": str(value)}


def time_axis(start: datetime, end: datetime, **rest: Any) -> dict[str, Any]:
    """The horizontal axis of [start, end) in UTC, of the field `t`."""
    return {
        "field": "t",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "domainMin": _number(milliseconds(start)), "domainMax": _number(milliseconds(end))},
        "axis": {
            "grid": False,
            "labelOverlap": True,
            "labelExpr": TIME_WORDS,
            "tickCount": {"expr": "max(3, floor(width / 110))"},
        },
        **rest,
    }


def value_axis(unit: str, *, field: str = "v", **rest: Any) -> dict[str, Any]:
    """The vertical axis of figures in `unit`, which begins at zero."""
    title = {"1": None, **dict.fromkeys(AXIS_WORDS)}.get(unit, unit)
    axis = {"tickCount": 4, "labelExpr": AXIS_WORDS.get(unit, NUMBER), "domain": False, "ticks": False}
    return {"field": field, "type": "quantitative", "title": title, "axis": axis, **rest}


def colour(names: Sequence[str], *, styles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Colour by the field `name`, in the order given, with a legend where there are several.

    `styles` gives names a judgement (good, warn, bad, muted) or `estimate`, which both media colour by their tables.
    """
    scale: dict[str, Any] = {"domain": list(names)}
    if styles:
        scale["range"] = [
            {"expr": f"style_{styles[name]}"} if name in styles else {"expr": "style_accent"} for name in names
        ]
    legend = {
        "title": None,
        "orient": "bottom",
        "direction": "horizontal",
        "columns": {"expr": "legend_columns"},  # from who draws: one that follows the width is laid out too late
    }
    return {"field": "name", "type": "nominal", "scale": scale, "sort": None, "legend": legend if len(names) > 1 else None}
