"""Amounts of categories as bars that lie, the largest on top as given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observatory.charts.chart import Chart, colour, frame, value_axis
from observatory.charts.marks import Mark, Say, words

BAR_PX = 22
LABEL_PX = 160


@dataclass(frozen=True, slots=True)
class Bar:
    """A category; `part` is its piece of the bar where bars are stacked."""

    label: str
    mark: Mark
    part: str = ""


def bar_chart(
    bars: Sequence[Bar], *, unit: str, say: Say, description: str, styles: Mapping[str, str] | None = None
) -> Chart:
    """Draw a bar for each label, in the order given."""
    labels = list(dict.fromkeys(bar.label for bar in bars))
    parts = list(dict.fromkeys(bar.part for bar in bars))
    data = [
        {"label": bar.label, "name": bar.part, "v": bar.mark.value, "at": bar.label, **words(bar.mark, say)} for bar in bars
    ]
    axis = {"labelLimit": LABEL_PX, "domain": False, "ticks": False, "grid": False}
    return frame(
        data,
        description=description,
        heads=("Category", "Part", "Value"),
        height=BAR_PX * max(1, len(labels)),
        mark={"type": "bar", "cornerRadiusEnd": 2, "height": {"band": 0.7}},
        encoding={
            "y": {"field": "label", "type": "nominal", "sort": labels, "title": None, "axis": axis},
            "x": value_axis(unit, stack="zero"),
            "color": colour(parts, styles=styles),
            "order": {"field": "name"},
        },
    )
