"""Carrying out erasures. Killed anywhere, the next run finds the rest: the traces are written down before anything goes.

1. What waits is digested, and the traces of the subjects are looked for and noted, 2. archived rows, 3. facts in the
database, each trace with all that hangs on it in one transaction, and texts that only theirs shared, 4. the notes and the
ids themselves, 5. what the database keeps of deleted rows in its file. What waits for one project is carried out together.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from interactions.archive.files import mend
from interactions.digest.run import LEASE as DIGEST
from interactions.digest.run import LEASE_S as DIGEST_S
from interactions.erasure.facts import erase_facts
from interactions.erasure.holds import ProjectHeld, refuse_if_held, with_restorations
from interactions.erasure.scrub import scrub
from interactions.erasure.subject import Subject, digest_backlog
from interactions.models import Erasure
from interactions.payloads.shared import forget_unused
from interactions.raw_data.lease import LEASE, LEASE_S, WAIT_S
from observatory.core.leases import holding
from observatory.metrics.failures import COMES_BACK

MAX_REASON_CHARS = 400
logger = logging.getLogger(__name__)


def erase_waiting(*, now: datetime) -> int:
    """Carry out what waits and return how many erasures were finished. What fails is noted on its receipt, and waits on."""
    waiting = list(Erasure.objects.filter(status=Erasure.Status.WAITING).order_by("project_id", "id"))
    try:
        for _, group in groupby(waiting, key=lambda erasure: erasure.project_id):
            try:
                _carry_out(list(group), now=now)
            except COMES_BACK:
                raise
            except Exception:
                logger.exception("An erasure failed; it is tried again with the next run, others go on.")
        _finish(waiting)
    except COMES_BACK as error:
        logger.warning("The database or a lease is busy (%s); erasures go on with the next run.", error)
    return sum(1 for erasure in waiting if erasure.status != Erasure.Status.WAITING)


def erase(erasure: Erasure, *, now: datetime) -> Erasure:
    """Carry out one erasure. Whatever is raised, it waits on: LeaseBusy if another process digests or archives for long."""
    _carry_out([erasure], now=now)
    _finish([erasure])
    return erasure


def _carry_out(erasures: Sequence[Erasure], *, now: datetime) -> None:
    """Erase what is left of the erasures of one project; then their ids are gone too."""
    pending = [erasure for erasure in erasures if erasure.subject]
    if not pending:
        return
    _change(pending, started_at=now)
    try:
        digest_backlog()
        with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S):
            _erase_everywhere(pending, now=now)
    except ProjectHeld as held:
        _refuse(pending, held)
    except COMES_BACK:
        _change(pending, started_at=None)
        raise
    except Exception as error:
        _change(pending, started_at=None)
        for erasure in pending:
            text = str(error).replace(erasure.subject, "...")
            _change([erasure], reason=f"Waits, since it failed: {type(error).__name__}: {text}"[:MAX_REASON_CHARS])
        raise


def _refuse(erasures: Sequence[Erasure], held: ProjectHeld) -> None:
    """The hold may have come in the middle: what had gone before stays gone, texts too, and is counted on the receipt."""
    for project in with_restorations(erasures[0].project):
        forget_unused(project.pk)
    reason = str(held)[:MAX_REASON_CHARS]
    _change(erasures, status=Erasure.Status.REFUSED, subject="", reason=reason, finished_at=timezone.now())


def _erase_everywhere(erasures: Sequence[Erasure], *, now: datetime) -> None:
    from interactions.erasure import archives  # it imports pyarrow, which an idle worker need not hold

    projects = with_restorations(erasures[0].project)
    refuse_if_held(projects)
    subjects = [Subject(erasure, projects) for erasure in erasures]
    for subject in subjects:
        subject.find_traces()
    for project in projects:
        archives.find_traces(project, subjects)
    for subject in subjects:
        subject.note_traces()
    for project in projects:
        archives.erase(project, subjects)
        mend(project)
    # A digest that read the facts before would write them again after.
    with holding(DIGEST, seconds=DIGEST_S, wait_s=WAIT_S):
        for subject in subjects:
            erase_facts(subject, now=now)
    for project in projects:
        forget_unused(project.pk)
    for subject in subjects:
        with transaction.atomic():
            subject.forget_notes()
            _change([subject.erasure], subject="")


def _finish(erasures: Sequence[Erasure]) -> None:
    """Scrub once for all whose rows are gone, and make their receipts."""
    gone = [erasure for erasure in erasures if erasure.status == Erasure.Status.WAITING and not erasure.subject]
    if gone:
        scrub()
        _change(gone, status=Erasure.Status.DONE, reason="", finished_at=timezone.now())


def _change(erasures: Sequence[Erasure], **values: object) -> None:
    with transaction.atomic():
        for erasure in erasures:
            for name, value in values.items():
                setattr(erasure, name, value)
            erasure.save(update_fields=list(values))
