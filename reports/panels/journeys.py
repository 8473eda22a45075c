"""How far users come (ledger T4): from the start to a satisfied user, step by step, with what is lost on the way."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from observatory.charts.bars import Bar, bar_chart
from observatory.charts.marks import Mark
from observatory.core import formats
from observatory.stats.distinct import K
from observatory.stats.intervals import wilson
from observatory.stats.summary import Summary, merge
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.words import between, percent

JOURNEYS = "browser.journeys"
STEPS = (
    ("started", "Started"),
    ("gesture_recognised", "Gesture recognised"),
    ("question_processed", "Question processed"),
    ("answer_received", "Answer received"),
    ("satisfied", "Satisfied"),
)
SPELT = {"gesture_recognized": "gesture_recognised"}
NOTHING = (
    "No journey in this time. A page sends `user_journey_completion` with `sessionId` and the `step` that was reached to "
    "`POST /api/metrics/client`: started, gesture_recognised, question_processed, answer_received, satisfied."
)


def journeys(asked: Asked) -> Content:
    told = asked.summaries(JOURNEYS, "step")
    found = _by_step(told)
    if not found:
        reason = f"The steps of this time are not known: {', '.join(sorted(told))}." if told else NOTHING
        return Content(reason=reason, link=_link())
    reached = [(title, *_reached(found, place)) for place, (_, title) in enumerate(STEPS)]
    n, is_exact = reached[0][1], all(exact for _, _, exact in reached)
    lost = _largest_loss(reached)
    words = "Sessions that came at least so far; a session counts once."
    words += "" if is_exact else " Numbers are within about 4 %."
    others = sorted(set(told) - {name for name in told if _known(name)})
    words += f" Other steps are left out: {', '.join(others)}." if others else ""
    return Content(
        chart=bar_chart(
            [Bar(title, Mark(number, n=n)) for title, number, _ in reached],
            unit="sessions",
            say=lambda number: f"{number:,.0f} sessions, {percent(number / n)}",
            description="Sessions by how far they came: " + ", ".join(f"{title} {number:,}" for title, number, _ in reached),
        ),
        table=_table(reached),
        words=f"{lost} {words}".strip(),
        n=n,
        n_of="sessions",
        link=_link(),
    )


def _link() -> Link:
    return drill.metric(JOURNEYS, by="step")


def _known(step: str) -> str:
    """The name of a step as we know it; "" of another."""
    name = step.strip().lower().replace(" ", "_").replace("-", "_")
    name = SPELT.get(name, name)
    return name if name in dict(STEPS) else ""


def _by_step(told: Mapping[str, Summary]) -> dict[str, list[Summary]]:
    found: dict[str, list[Summary]] = {}
    for step, summary in told.items():
        if _known(step) and summary.n:
            found.setdefault(_known(step), []).append(summary)
    return found


def _reached(found: Mapping[str, Sequence[Summary]], place: int) -> tuple[int, bool]:
    """How many different sessions came to a step or beyond, and whether that is exact.

    So it does not matter whether a page tells each step, or the last one alone.
    """
    whole = merge(summary for name, _ in STEPS[place:] for summary in found.get(name, ()))
    return round(whole.distinct), len(whole.hashes) < K


Reached = Sequence[tuple[str, int, bool]]


def _table(reached: Reached) -> Table:
    rows = []
    for place, (title, number, _) in enumerate(reached):
        before = reached[place - 1][1] if place else number
        lost = max(0, before - number)
        rows.append(
            [
                Cell(title),
                Cell(f"{number:,}", share=number / max(1, reached[0][1])),
                Cell(f"{lost:,}" if place else formats.UNKNOWN),
                Cell(percent(lost / before) if place and before else formats.UNKNOWN),
                Cell(between(wilson(lost, before), percent) if place and before else formats.UNKNOWN),
            ]
        )
    head = (
        Column("Step"),
        Column("Sessions", is_number=True),
        Column("Lost before it", is_number=True),
        Column("Drop-off", is_number=True),
        Column("95 % interval", is_number=True, is_short=True),
    )
    return Table(head, rows)


def _largest_loss(reached: Reached) -> str:
    losses = [(1 - after[1] / before[1], before[0], after[0]) for before, after in pairwise(reached) if before[1]]
    share, _, step = max(losses, default=(0.0, "", ""))
    return f"Most are lost before “{step}”: {percent(share)} of those who came to the step before." if share > 0 else ""


declare(
    Panel(
        "journeys",
        "Where do users get lost?",
        "Sessions by the step of their journey that they reached at least. Satisfied is what the page itself reports.",
        "Feedback",
        journeys,
        width="whole",
    ),
)
