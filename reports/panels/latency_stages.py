"""Where the slow time goes: stages of the interactions around the p95.

Quantiles of stages do not add up to the quantile of the whole, and some interactions tell no stages. So single interactions
are looked at: the slowest tenth of the latest ones, in the middle of which the p95 lies, and of these the ones that tell.
"""

from collections.abc import Sequence
from statistics import fmean

from interactions.reading.sample import Timed, latest_times
from observatory.charts.bars import Bar, bar_chart
from observatory.charts.marks import Mark
from observatory.core import formats
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Content
from reports.panels.words import percent

MOST = 2_000
SLOWEST, P95 = 0.10, 0.05  # from the slow end
LEAST = 50  # response times, so that there are five in the slowest tenth
LEAST_TOLD = 0.8  # of the slowest: fewer do not stand for them
UNTOLD = "No interaction tells the time of its stages: send retrieval_ms and generation_ms, or spans."
Shares = tuple[float, float, float]


def stages(asked: Asked) -> Content:
    found = latest_times(asked.project_id, asked.window, only=asked.only, most=MOST)
    timed = sorted((one for one in found.rows if one.latency_ms), key=lambda one: one.latency_ms or 0.0, reverse=True)
    if len(timed) < LEAST:
        return Content(reason=f"{len(timed):,} response times are too few to look at the slow ones: it takes {LEAST}.")
    p95 = timed[int(len(timed) * P95)].latency_ms or 0.0
    slowest = timed[: int(len(timed) * SLOWEST)]
    told = [one for one in slowest if one.retrieval_ms is not None or one.generation_ms is not None]
    if not told:
        return Content(reason=UNTOLD)
    if len(told) < LEAST_TOLD * len(slowest):
        return Content(
            reason=f"{len(told):,} of the {len(slowest):,} slowest interactions tell the time of their stages: too few to "
            "stand for all of them. Send retrieval_ms and generation_ms, or spans."
        )
    parts = _parts(told)
    said = ", ".join(f"{name} {percent(share)}" for name, share, _ in parts)
    since = f" Of the latest {found.looked_at:,} interactions." if found.since else ""
    return Content(
        chart=bar_chart(
            [Bar(name, Mark(share * p95, n=n)) for name, share, n in parts],
            unit="ms",
            say=lambda value: f"{formats.duration(value)}, {percent(min(1.0, value / p95))}",
            description=f"Of the p95 of {formats.duration(p95)}: {said}.",
        ),
        words=f"Of the p95 of {formats.duration(p95)}: {said}.{since}",
        n=len(told),
        link=drill.interactions(asked, min_latency_ms=f"{slowest[-1].latency_ms:.0f}"),
    )


def _parts(told: Sequence[Timed]) -> list[tuple[str, float, int]]:
    """Each stage with its mean share and how many tell it; a stage that none tells is in “other”."""
    retrieval, generation, other = (fmean(shares) for shares in zip(*map(_shares, told), strict=True))
    stages = [
        ("retrieval", retrieval, sum(1 for one in told if one.retrieval_ms is not None)),
        ("generation", generation, sum(1 for one in told if one.generation_ms is not None)),
        ("other", other, len(told)),
    ]
    return [(name, share, n) for name, share, n in stages if n and (share or name != "other")]


def _shares(one: Timed) -> Shares:
    """Retrieval, generation and what they leave; stages that overlap share what they take together."""
    retrieval, generation = one.retrieval_ms or 0.0, one.generation_ms or 0.0
    whole = max(one.latency_ms or 0.0, retrieval + generation)
    return retrieval / whole, generation / whole, (whole - retrieval - generation) / whole


declare(
    Panel(
        "latency_stages",
        "Where does the slow time go?",
        f"The p95 of the whole response time, shared out as the stages share the interactions around it: the slowest tenth "
        f"of the latest {MOST:,}. Each bar is the mean share of a stage, “other” is what no stage tells; “n” are those of "
        "the slowest that tell a stage.",
        "Latency",
        stages,
    ),
)
