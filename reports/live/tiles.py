"""The tiles of the live page: each figure with its unit, its n, and a reason where there is none."""

from interactions.metrics.system import health_word
from observatory.core import formats
from observatory.metrics.words import share
from observatory.stats.enough import needed
from reports.live.figures import Figures, quantile
from reports.live.history import History
from reports.live.quality import quality_tile
from reports.panels.content import Link, Tile

NOTHING = "–"
MOST_NAMED = 2
MACHINE_MARKS = {"healthy": "good", "warning": "warn", "critical": "bad"}
INTERACTIONS = Link("interactions", {"range": "1h"})
ERRORS = Link("interactions", {"range": "1h", "status": "error"})


def tiles(figures: Figures, history: History) -> dict[str, Tile]:
    """Return the tiles by the names under which a page knows them, in their order."""
    return {
        "rate": _rate(figures, history),
        "success": _share("Success rate", figures, len(figures.facts) - figures.errors, link=INTERACTIONS),
        "errors": _share("Error rate", figures, figures.errors, spark=history.error_shares, link=ERRORS),
        "p50": _latency("Response time p50", figures, 0.5),
        "p95": _latency("Response time p95", figures, 0.95, history),
        "models": _different("Active models", figures, "model", Link("metric", {"name": "interactions.count"})),
        "tokens": _tokens(figures, history),
        "cost": _cost(figures, history),
        "sessions": _different("Active sessions", figures, "session_id", Link("sessions")),
        "users": _different("Active users", figures, "user_id", Link("metric", {"name": "interactions.users"})),
        "health": _health(history),
        "quality": quality_tile(history.quality),
    }


def _rate(figures: Figures, history: History) -> Tile:
    mean = history.count / len(history.counts) if history.counts else 0.0
    note = f"last 60 s; {mean:,.1f} in the mean of an hour"
    return Tile("Queries per minute", f"{figures.minute.count:,}", note=note, spark=history.counts, link=INTERACTIONS)


def _share(name: str, figures: Figures, part: int, *, spark: object = (), link: Link) -> Tile:
    n = len(figures.facts)
    if not n:
        return Tile(name, NOTHING, reason="No interaction in the last 5 min.", link=link)
    return Tile(name, share(part / n), n=n, note=figures.span, spark=spark, link=link)  # type: ignore[arg-type]


def _latency(name: str, figures: Figures, q: float, history: History | None = None) -> Tile:
    known = figures.latencies
    link = Link("metric", {"name": "interactions.latency"})
    if not known:
        return Tile(name, NOTHING, reason="No answer with a time in the last 5 min.", link=link)
    if len(known) < needed(q):
        number = "1 answer is" if len(known) == 1 else f"{len(known)} answers are"
        return Tile(name, NOTHING, reason=f"{number} too few: it takes {needed(q)} in 5 min.", link=link)
    value = formats.duration(quantile(known, q))
    return Tile(name, value, n=len(known), note=figures.span, spark=history.p95 if history else (), link=link)


def _tokens(figures: Figures, history: History) -> Tile:
    mean = sum(one or 0 for one in history.tokens) / (len(history.tokens) or 1)
    note = f"last 60 s; {mean:,.0f} in the mean of an hour"
    link = Link("metric", {"name": "interactions.input_tokens"})
    return Tile("Tokens per minute", f"{figures.minute.tokens:,}", note=note, spark=history.tokens, link=link)


def _cost(figures: Figures, history: History) -> Tile:
    """What the last hour cost: its closed minutes, and what came since."""
    hour = history.cost_usd + float(figures.open_minutes.cost_usd)
    note = f"last 60 min; {formats.dollars(figures.minute.cost_usd)} in the last 60 s"
    link = Link("metric", {"name": "interactions.cost"})
    return Tile("Cost per hour", formats.dollars(round(hour, 12)), note=note, spark=history.costs, link=link)


def _different(name: str, figures: Figures, column: str, link: Link) -> Tile:
    found = figures.different(column)
    if not figures.facts:
        return Tile(name, "0", note=figures.span, link=link)
    named = ", ".join(found[:MOST_NAMED]) + (", …" if len(found) > MOST_NAMED else "") if column == "model" else ""
    return Tile(name, f"{len(found):,}", note=named or figures.span, link=link)


def _health(history: History) -> Tile:
    if history.machine is None:
        return Tile("Health", NOTHING, reason="No machine has reported within 5 min.")
    word = health_word(history.machine)
    return Tile(
        "Health",
        f"{history.machine:.0f}",
        note=f"{word}: {history.machine_parts}",
        judgement=MACHINE_MARKS[word],
        link=Link("metric", {"name": "system.health_score"}),
    )
