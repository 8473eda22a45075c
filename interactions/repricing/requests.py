"""Asking for a re-pricing, confirming what was counted, stopping it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from interactions.metrics.sources import INTERACTIONS, SPANS
from interactions.models import Repricing
from interactions.models.repricing import AT_WORK
from interactions.pricing.book import PriceBook
from interactions.pricing.names import bare_name
from interactions.repricing.book import state_of
from interactions.repricing.run import BOOK_CHANGED
from observatory.metrics.horizons import horizons
from observatory.metrics.models import Horizon
from observatory.projects.models import Project

MOST_MODELS = 100
NOT_WAITING = "This re-pricing does not wait for a confirmation any more."
Status = Repricing.Status


class CannotReprice(Exception):
    """Why a re-pricing cannot be asked for or confirmed; `field` is the part of the request that is wrong."""

    def __init__(self, reason: str, field: str = ""):
        super().__init__(reason)
        self.field = field


def request_repricing(
    *, project: Project, since: datetime, until: datetime, models: Iterable[str] = (), by: str, now: datetime
) -> Repricing:
    """Store the wish and return it; the worker counts what would change. CannotReprice says what stands against it."""
    until = min(until, now)
    if since >= until:
        raise CannotReprice("The period must begin before it ends, and in the past.", "since")
    names = sorted({bare_name(model) for model in models if model})
    if len(names) > MOST_MODELS:
        raise CannotReprice(f"Choose at most {MOST_MODELS} models, or none for all.", "models")
    facts_from = oldest_facts(project.pk)
    if facts_from is not None and facts_from >= until:
        raise CannotReprice(
            f"The facts before {facts_from:%Y-%m-%d %H:%M} UTC were deleted. What was made of them stands as it is: "
            "there is nothing left to price anew.",
            "until",
        )
    if Repricing.objects.filter(project=project, status__in=AT_WORK).exists():
        raise CannotReprice(f"A re-pricing of {project.name} is at work; wait for it, or stop it.")
    return Repricing.objects.create(
        project=project,
        since=since,
        until=until,
        only_models=names,
        facts_from=facts_from if facts_from and facts_from > since else None,
        book=state_of(PriceBook()),
        requested_by=by[:160],
        requested_at=now,
    )


def oldest_facts(project_id: int) -> datetime | None:
    """Since when calls can be priced anew: all facts before were deleted for their age. None: nothing was deleted."""
    found = [horizons(project_id, source.name).get(Horizon.FACTS) for source in (INTERACTIONS, SPANS)]
    known = [until for until in found if until is not None]
    return datetime.fromtimestamp(max(known), UTC) if known else None


def confirm(job: Repricing, *, by: str, now: datetime) -> None:
    """Let the worker carry out what was counted. CannotReprice if the price book is another one now."""
    here = Repricing.objects.filter(pk=job.pk, status=Status.READY)
    if not here.exists():
        raise CannotReprice(NOT_WAITING)
    if state_of(PriceBook())["print"] != job.book["print"]:
        here.update(status=Status.STOPPED, reason=BOOK_CHANGED, finished_at=now)
        raise CannotReprice(BOOK_CHANGED)
    others = Repricing.objects.filter(project_id=job.project_id, status=Status.RUNNING)
    if others.exists():
        raise CannotReprice("Another re-pricing of this project is at work; wait for it, or stop it.")
    changes = {"preview": job.found, "found": {}, "total": None, "after_at": None, "after_id": None}
    if not here.update(status=Status.RUNNING, confirmed_by=by[:160], confirmed_at=now, **changes):
        raise CannotReprice(NOT_WAITING)
    job.refresh_from_db()


def stop(job: Repricing, *, by: str, now: datetime) -> bool:
    """Stop it where it is; what was re-priced stays so. False if it had come to its end."""
    open_ones = Repricing.objects.filter(pk=job.pk, status__in=(*AT_WORK, Status.READY))
    stopped = open_ones.update(status=Status.STOPPED, reason=f"Stopped by {by}."[:300], finished_at=now)
    job.refresh_from_db()
    return bool(stopped)
