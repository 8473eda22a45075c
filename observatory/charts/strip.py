"""A narrow strip of columns through time over a page of what it counts: where it is unusual, and what to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from observatory.charts.chart import Chart, Datum, colour, frame, milliseconds, time_axis, value_axis
from observatory.charts.marks import moment

HEIGHT = 76


@dataclass(frozen=True, slots=True)
class StripColumn:
    """A step of the strip: its parts by name, stacked in that order; the usual band of their sum, where it is known.

    `unusual` says in words what is odd about it; `style` judges that.
    """

    at: datetime
    parts: Mapping[str, int]
    usual: tuple[float, float] | None = None
    unusual: str = ""
    style: str = "warn"
    drill: str = ""


def strip_chart(
    columns: Sequence[StripColumn],
    *,
    start: datetime,
    end: datetime,
    step: timedelta,
    styles: Mapping[str, str],
    description: str,
    nothing: str,
) -> Chart:
    """Draw the strip over [start, end). A triangle at the top marks a column that is unusual.

    `nothing` are the words for a column without any.
    """
    names = list(dict.fromkeys(name for column in columns for name in column.parts))
    y = _height(columns)
    x = {"x": time_axis(start, end), "x2": {"field": "t2"}}
    bars = {
        "data": {"values": [datum for one in columns for datum in _stacked(one, step)]},
        "mark": {"type": "rect"},
        "encoding": {
            **x,
            "y": y,
            "y2": {"field": "high"},
            "color": {**colour(names, styles=styles), "field": "part", "legend": None},
        },
    }
    # Nothing to see: what answers the pointer over the whole height, also where a column is low or empty.
    answers = {"mark": {"type": "rect", "opacity": 0, "tooltip": True}, "encoding": x}
    layer = [*_bands(columns, x, y, step), bars, *_marks(columns, start, end, step), answers]
    data = [_said(one, step, nothing) for one in columns]
    return frame(data, description=description, height=HEIGHT, layer=layer, resolve={"scale": {"color": "independent"}})


def _bands(columns: Sequence[StripColumn], x: Datum, y: Datum, step: timedelta) -> list[Datum]:
    data = [_place(one, step) | {"low": one.usual[0], "high": one.usual[1]} for one in columns if one.usual]
    mark = {"type": "rect", "color": {"expr": "style_muted"}, "opacity": 0.35, "clip": True}
    encoding = {**x, "y": y, "y2": {"field": "high"}}
    return [{"data": {"values": data}, "mark": mark, "encoding": encoding}] if data else []


def _marks(columns: Sequence[StripColumn], start: datetime, end: datetime, step: timedelta) -> list[Datum]:
    odd = [one for one in columns if one.unusual]
    judged = sorted({one.style for one in odd})
    scale = {"domain": judged, "range": [{"expr": f"style_{style}"} for style in judged]}
    layer = {
        "data": {"values": [{"t": milliseconds(one.at + step / 2), "style": one.style} for one in odd]},
        "mark": {"type": "point", "shape": "triangle-down", "filled": True, "size": 45, "opacity": 1},
        "encoding": {
            "x": time_axis(start, end),
            "y": {"value": -5},
            "color": {"field": "style", "type": "nominal", "legend": None, "scale": scale},
        },
    }
    return [layer] if odd else []


def _height(columns: Sequence[StripColumn]) -> Datum:
    """The axis of the columns: a band is cut off above them, for it would press them flat; its lower end is shown."""
    top = max([1.0, *(sum(one.parts.values()) for one in columns), *(one.usual[0] for one in columns if one.usual)])
    axis = value_axis("1", field="low")
    return axis | {"axis": {**axis["axis"], "tickCount": 2}, "scale": {"domain": [0, top], "nice": False}}


def _place(column: StripColumn, step: timedelta) -> Datum:
    return {"t": milliseconds(column.at), "t2": milliseconds(column.at + step)}


def _said(column: StripColumn, step: timedelta, nothing: str) -> Datum:
    """What the hover says: the numbers of all parts, and what is odd."""
    words = ", ".join(f"{number:,} {name}" for name, number in column.parts.items())
    words = words if any(column.parts.values()) else nothing
    if column.unusual:
        words += f" ({column.unusual})"
    found = _place(column, step) | {"said": words, "at": moment(column.at.astimezone(UTC), step)}
    return found | {"drill": column.drill} if column.drill else found


def _stacked(column: StripColumn, step: timedelta) -> list[Datum]:
    height, found = 0, []
    for name, number in column.parts.items():
        if number:
            found.append(_place(column, step) | {"part": name, "low": height, "high": height + number})
            height += number
    return found
