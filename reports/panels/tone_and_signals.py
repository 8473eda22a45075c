"""How comments sound, and what users did silently (ledger F2)."""

from feedback.metrics.people import NEGATIVE, NEUTRAL, POSITIVE
from feedback.submit import SIGNALS as KNOWN
from observatory.charts.bars import Bar, bar_chart
from observatory.charts.marks import Mark
from observatory.core import formats
from reports.panels import drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.content import Cell, Column, Content, Table
from reports.panels.satisfaction import COUNT, GROUP
from reports.panels.words import percent

TONE, SIGNALS = "feedback.tone", "feedback.signals"
STYLES = {POSITIVE: "good", NEUTRAL: "muted", NEGATIVE: "bad"}
NO_TONE = "No English comment in this time. Send `comment` with a rating to `POST /api/v1/feedback/explicit`."
NO_SIGNAL = (
    "No signal in this time. Send what users do to `POST /api/v1/feedback/implicit`: click, share, accept, skip, re-query."
)
WARNING = "Tone of English comments, not satisfaction: “This did not answer my question” sounds neutral."


def tone(asked: Asked) -> Content:
    found = {name: one.n for name, one in asked.summaries(TONE, "tone").items()}
    n = sum(found.values())
    if not n:
        return Content(reason=NO_TONE)
    counts = {name: found.get(name, 0) for name in STYLES}
    bars = [Bar(name, Mark(number, n=n), part=name) for name, number in counts.items()]
    said = ", ".join(f"{number:,} {name}" for name, number in counts.items())
    chart = bar_chart(
        bars,
        unit="comments",
        say=lambda number: f"{number:,.0f} comments, {percent(number / n)}",
        styles=STYLES,
        description=f"Tone of English comments: {said}.",
    )
    return Content(chart=chart, words=WARNING, n=n, n_of="English comments", link=drill.metric(TONE, by="tone"))


def signals(asked: Asked) -> Content:
    found = {name: one.n for name, one in asked.summaries(SIGNALS, "signal").items() if one.n}
    if not found:
        return Content(reason=NO_SIGNAL)
    n, answers = sum(found.values()), asked.summary(COUNT, status="ok").n
    rows = [
        [
            Cell(_word(name)),
            Cell(_speaks(name)),
            Cell(f"{number:,}", share=number / max(found.values())),
            Cell(f"{number / answers * 100:.3g}" if answers else formats.UNKNOWN),
        ]
        for name, number in sorted(found.items(), key=lambda one: (-one[1], one[0]))
    ]
    head = (
        Column("What users did"),
        Column("Speaks"),
        Column("Times", is_number=True),
        Column("For each 100 answers", is_number=True),
    )
    return Content(table=Table(head, rows), n=n, n_of="signals", link=drill.metric(SIGNALS, by="signal"))


def _word(name: str) -> str:
    return "re-query" if name == "requery" else name


def _speaks(name: str) -> str:
    """Whether a signal speaks for or against the answer."""
    return {True: "for the answer", False: "against it"}.get(KNOWN[name], "") if name in KNOWN else formats.UNKNOWN


declare(
    Panel("feedback_tone", "How do English comments sound? Tone, not satisfaction", WARNING, GROUP, tone),
    Panel(
        "feedback_signals",
        "What do users silently do?",
        "Clicks, shares and accepted answers speak for an answer; skips and re-queries against it.",
        GROUP,
        signals,
    ),
)
