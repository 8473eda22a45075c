"""What an operator should look at now: each check tells its concerns, and where to go with them."""

from collections.abc import Iterator
from datetime import UTC, datetime

from interactions.metrics.system import HEALTHY, health_word
from interactions.reading.health import digest_state, pricing_gaps
from observatory.core import formats
from observatory.metrics.health import rollup_state
from observatory.stats.summary import Summary
from reports.panels import attention_quality, drill
from reports.panels.asked import Asked
from reports.panels.catalogue import Panel, declare
from reports.panels.concerns import Check, Concern
from reports.panels.content import Cell, Column, Content, Link, Table
from reports.panels.hosts import whose

HOLDS_S = 300.0  # a report of a component or machine
REFUSED_SHARE = 0.01
LATE_S = 60.0  # the digest is done within seconds, the roll-up within a minute
MODELS_NAMED = 3
ROWS = 12
HEALTH, COMPONENTS, RECORDS = "system.health_score", "components.health", "ingest.records"


def digest(asked: Asked) -> Iterator[Concern]:
    state = digest_state(asked.project_id, now=asked.now)
    page = Link("ingest")
    if state["failed"]:
        yield Concern("bad", "Traces that cannot be processed", f"{state['failed']:,} failed five times.", page)
    if state["lag_s"] > LATE_S:
        late = formats.duration(state["lag_s"] * 1000)
        yield Concern(
            "warn", "New traces are processed late", f"{state['waiting']:,} traces wait, the oldest for {late}.", page
        )


def rollup(asked: Asked) -> Iterator[Concern]:
    state = rollup_state(asked.project_id, now=asked.now)
    page = Link("metrics_health")
    if state.failed:
        yield Concern(
            "bad", "Figures that cannot be computed", f"{state.failed:,} of them, however often they were tried.", page
        )
    if state.lag_s > LATE_S:
        late = formats.duration(state.lag_s * 1000)
        yield Concern("warn", "Figures are computed late", f"Figures of this page are up to {late} old.", page)


def refused(asked: Asked) -> Iterator[Concern]:
    outcomes = {outcome: summary.total for outcome, summary in asked.summaries(RECORDS, "outcome").items()}
    rejected, received = outcomes.get("rejected", 0), sum(outcomes.values())
    if rejected:
        reasons = asked.summaries(RECORDS, "reason", outcome="rejected")
        reason = max(reasons, key=lambda one: (reasons[one].total, one))
        detail = f"{rejected:,.0f} of {received:,.0f} records that came in were refused, most as {reason}."
        judgement = "bad" if rejected >= REFUSED_SHARE * received else "warn"
        yield Concern(judgement, "Records were refused", detail, Link("ingest"))


def prices(asked: Asked) -> Iterator[Concern]:
    gaps = [gap.model for gap in pricing_gaps(asked.project_id)]
    if gaps:
        more = f" and {len(gaps) - MODELS_NAMED} more" if len(gaps) > MODELS_NAMED else ""
        detail = f"{', '.join(gaps[:MODELS_NAMED])}{more}: what they cost is unknown."
        yield Concern("warn", "Models without a price", detail, Link("ingest"))


def machines(asked: Asked) -> Iterator[Concern]:
    for host, summary in asked.summaries(HEALTH, "host").items():
        if summary.last is not None and summary.last <= HEALTHY:
            word = health_word(summary.last)
            judgement = "bad" if word == "critical" and not _silence(asked, summary) else "warn"
            detail = f"{summary.last:.0f} of 100, from what it uses of CPU, memory and disk.{_silence(asked, summary)}"
            shown = whose(host, is_borrowed=asked.is_borrowed(HEALTH))
            yield Concern(judgement, f"Machine {shown}: {word}", detail, drill.metric(HEALTH, by="host"))


def components(asked: Asked) -> Iterator[Concern]:
    for name, summary in asked.summaries(COMPONENTS, "component").items():
        if summary.last is not None and summary.last < 1:
            word = "degraded" if summary.last > 0 else "failing"
            link = drill.metric(COMPONENTS, by="component")
            silence = _silence(asked, summary)
            judgement = "bad" if word == "failing" and not silence else "warn"
            yield Concern(judgement, f"{name} {'was' if silence else 'is'} {word}", f"It reported so itself.{silence}", link)


def _silence(asked: Asked, summary: Summary) -> str:
    """How long nothing was heard, where that is longer than a report holds (as in /health/full); "" else."""
    if summary.last_at is None or asked.now.timestamp() - summary.last_at <= HOLDS_S:
        return ""
    heard = formats.ago(datetime.fromtimestamp(summary.last_at, UTC), now=asked.now)
    return f" Last heard of {heard}: how it is now is not known."


# What looks for concerns, in the order in which they are told.
CHECKS: tuple[Check, ...] = (digest, rollup, refused, components, machines, *attention_quality.CHECKS, prices)


def attention(asked: Asked) -> Content:
    asked.read_wholes(RECORDS, HEALTH, COMPONENTS, *attention_quality.READ, plain=attention_quality.READ)
    asked.read_wholes(*attention_quality.READ_BEFORE, window=asked.before, plain=attention_quality.READ_BEFORE)
    found = [concern for check in CHECKS for concern in check(asked)]
    if not found:
        return Content(
            reason="Nothing: what came in was taken, processed, priced and scored, and machines and components are well."
        )
    found.sort(key=lambda concern: concern.judgement != "bad")
    rows = [
        (Cell(one.what, one.link, judgement="worse" if one.judgement == "bad" else ""), Cell(one.detail))
        for one in found[:ROWS]
    ]
    more = f"{len(found) - ROWS} more are not listed." if len(found) > ROWS else ""
    return Content(table=Table((Column("What"), Column("Why")), rows, more=more))


declare(
    Panel(
        "attention",
        "What needs attention?",
        "What is wrong now with what comes in, with the figures themselves, with machines, components, prices, ratings and "
        "evaluations.",
        "Health",
        attention,
        width="whole",
    ),
)
