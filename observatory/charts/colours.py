"""The colours of charts on paper and in mail: the light ones of tokens.css, which chart.js reads in the browser."""

from typing import Any

INK, QUIET, LINE = "#171a21", "#626a79", "#e3e6eb"
# What is estimated without a model has a colour of its own, wherever it is drawn.
STYLES = {
    "accent": "#3a59e0",
    "good": "#189a67",
    "warn": "#c97a08",
    "bad": "#d63341",
    "muted": "#b6bdca",
    "estimate": "#8d6a00",
}
# After Okabe and Ito: told apart by people who see no red or green, and in print by their lightness.
CATEGORY = ("#3a59e0", "#c97a08", "#0e8a6a", "#b83f84", "#0f83b5", "#8d6a00", "#7a4fb0", "#6d7687")
RAMP = ("#eef1fd", "#b9c5f6", "#7d92ee", "#3a59e0", "#22379c")
FONT = "Inter, Helvetica, Arial, sans-serif"


LEGEND_PX = 190  # a name is cut at 160; its mark and the gap come to that


def parameters(*, width: int) -> list[dict[str, Any]]:
    """The styles as parameters, which expressions in a specification name, and how many names fit beside each other."""
    styles: list[dict[str, Any]] = [{"name": f"style_{name}", "value": value} for name, value in STYLES.items()]
    return [*styles, {"name": "legend_columns", "value": max(1, width // LEGEND_PX)}]


def config() -> dict[str, Any]:
    """The part of a specification that has colours and letters."""
    text = {"labelFont": FONT, "titleFont": FONT, "labelFontSize": 11, "titleFontSize": 11}
    return {
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "range": {"category": list(CATEGORY), "ramp": list(RAMP), "heatmap": list(RAMP)},
        "mark": {"color": STYLES["accent"]},
        "rule": {"color": QUIET},
        "text": {"color": INK},
        "axis": {
            **text,
            "labelColor": QUIET,
            "titleColor": QUIET,
            "titleFontWeight": "normal",
            "gridColor": LINE,
            "domainColor": LINE,
            "tickColor": LINE,
        },
        "legend": {**text, "labelColor": INK, "symbolType": "square", "symbolStrokeWidth": 0},
        "style": {
            "limit": {"strokeDash": [4, 3], "stroke": QUIET},
            "rule-label": {"fill": INK, "fontSize": 11, "font": FONT},
        },
    }
