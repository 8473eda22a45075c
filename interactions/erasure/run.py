"""Carrying out erasures. Killed anywhere, the next run finds the rest: what leads to the traces of a subject goes last.

1. Archived spans and events, 2. facts in the database, each trace with all that hangs on it in one transaction,
3. archived interactions, 4. the subject's id itself, 5. what the database keeps of deleted rows in its file.
"""

import logging
from datetime import datetime

from django.db import OperationalError

from interactions.digest.run import LEASE as DIGEST
from interactions.digest.run import LEASE_S as DIGEST_S
from interactions.digest.run import digest_until_empty
from interactions.erasure.facts import Subject, erase_facts
from interactions.erasure.scrub import scrub
from interactions.erasure.tally import Tally
from interactions.models import Erasure
from interactions.retention.lease import LEASE, LEASE_S, WAIT_S
from observatory.core.leases import LeaseBusy, LeaseLost, holding
from observatory.projects.models import Project

logger = logging.getLogger(__name__)


def erase_waiting(*, now: datetime) -> int:
    """Carry out what waits and return how many erasures were finished."""
    waiting = list(Erasure.objects.filter(status=Erasure.Status.WAITING).order_by("id"))
    try:
        for erasure in waiting:
            erase(erasure, now=now)
    except (LeaseBusy, LeaseLost) as lease:
        logger.warning("Another process holds the lease %s; erasures go on with the next run.", lease)
    except OperationalError as error:
        logger.warning("The database is busy (%s); erasures go on with the next run.", error)
    return sum(1 for erasure in waiting if erasure.status != Erasure.Status.WAITING)


def erase(erasure: Erasure, *, now: datetime) -> Erasure:
    """Carry out one erasure; LeaseBusy if another process digests or archives for too long: then it waits on."""
    if erasure.subject:
        # A trace that was not digested yet is not known to be the subject's.
        digest_until_empty()
        with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S):
            is_done = _erase_everywhere(erasure, now=now)
        if not is_done:
            erasure.reason = "The project was put on legal hold before the erasure was carried out."
            return _finish(erasure, Erasure.Status.REFUSED, now=now)
        erasure.subject = ""
        erasure.save(update_fields=["subject"])
    scrub()
    return _finish(erasure, Erasure.Status.DONE, now=now)


def _erase_everywhere(erasure: Erasure, *, now: datetime) -> bool:
    """Erase in the project and in what was restored from it; False if the project is on hold."""
    from interactions.erasure.archives import ProjectArchive  # it imports pyarrow, which an idle worker need not hold

    tally = Tally(erasure)
    for project in [erasure.project, *erasure.project.restorations.all()]:
        if Project.objects.filter(pk=project.pk, is_held=True).exists():
            return False
        subject, archive = Subject(project, erasure.kind, erasure.subject), ProjectArchive(project)
        subject.find_traces()
        archive.find_traces(subject)
        archive.erase(subject, ("spans", "events"), tally)
        # A digest that read the facts before would write them again after.
        with holding(DIGEST, seconds=DIGEST_S, wait_s=WAIT_S):
            erase_facts(subject, tally, now=now)
        archive.erase(subject, ("interactions",), tally)
    return True


def _finish(erasure: Erasure, status: str, *, now: datetime) -> Erasure:
    erasure.status, erasure.subject, erasure.finished_at = status, "", now
    erasure.save(update_fields=["status", "subject", "reason", "finished_at"])
    return erasure
