"""A small line beside a figure: figures in, the path of an SVG out. The template draws it, the style sheet colours it."""

from collections.abc import Sequence

WIDTH, HEIGHT = 120, 28
MARGIN = 2
Figure = float | None


def spark(figures: Sequence[Figure]) -> str:
    """The path of a small line from zero up, broken at gaps; "" of no figures, or only zeros."""
    known = [figure for figure in figures if figure is not None]
    if not any(known):
        return ""
    low, high = min(0.0, *known), max(known)
    high = high if high > low else low + 1
    return " ".join(_line(run) for run in _runs(figures, low, high))


def _runs(figures: Sequence[Figure], low: float, high: float) -> list[list[tuple[float, float]]]:
    """The places of figures that follow each other without a gap."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place, figure in enumerate(figures):
        if figure is None:
            runs.append([])
            continue
        x = (place + 0.5) * WIDTH / len(figures)
        y = MARGIN + (HEIGHT - 2 * MARGIN) * (1 - (figure - low) / (high - low))
        runs[-1].append((round(x, 1), round(y, 1)))
    return [run for run in runs if run]


def _line(run: Sequence[tuple[float, float]]) -> str:
    if len(run) == 1:  # a lone point is a dot, which its round cap draws
        return f"M{run[0][0]:g} {run[0][1]:g} h0.01"
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in run)
