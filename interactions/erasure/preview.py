"""What an erasure would take, counted beforehand: nothing is written, and no receipt made."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from interactions.erasure.facts import carriers
from interactions.erasure.holds import with_restorations
from interactions.erasure.subject import Subject, digest_backlog
from interactions.models import Erasure, Interaction
from interactions.raw_data.kinds import KINDS
from interactions.raw_data.lease import LEASE, LEASE_S, WAIT_S
from interactions.raw_data.leftovers import Gone, count
from interactions.trace_notes import chunks
from observatory.core.leases import holding
from observatory.projects.models import Project

MOST = 10_000  # traces, and events, that a page counts in each project


@dataclass(frozen=True, slots=True)
class Found:
    """Rows by their kind, as on a receipt. Not `is_all`: there are more, the count ended at MOST."""

    counts: Mapping[str, int]
    is_all: bool = True


def count_some(*, project: Project, kind: str, subject: str) -> Found:
    """Count what the database has of a user or a session, for a page: at most MOST traces of a project, no archives."""
    found = Subject(Erasure(project=project, kind=kind, subject=subject), with_restorations(project))
    found.find_traces(most=MOST)
    counts = _in_database(found, most=MOST)
    is_all = len(found.traces) < MOST and all(counts[kind.name] < MOST for kind in carriers())
    return Found(counts, is_all=is_all)


def count_all(*, project: Project, kind: str, subject: str) -> Found:
    """Count what an erasure would take from the database and the archives, after what waits was digested.

    LeaseBusy while another process digests, archives or erases.
    """
    from interactions.erasure import archives  # it imports pyarrow, which an idle worker need not hold

    projects = with_restorations(project)
    found = Subject(Erasure(project=project, kind=kind, subject=subject), projects)
    digest_backlog()
    with holding(LEASE, seconds=LEASE_S, wait_s=WAIT_S):
        found.find_traces()
        for one in projects:
            archives.find_traces(one, [found])
        counts = _in_database(found)
        for one in projects:
            counts += archives.count(one, found)
    return Found(counts)


def _in_database(subject: Subject, *, most: int | None = None) -> Counter[str]:
    """The rows of their traces, and what carries the id without being in one of these."""
    counts = Counter[str]()
    for project in subject.projects:
        for some in chunks(subject.traces):
            for name, kind in KINDS.items():
                if kind.is_traced:
                    counts[name] += kind.rows.filter(project=project, trace_id__in=some).count()
            rows = Interaction.objects.filter(project=project, trace_id__in=some)
            counts += count(Gone(project.pk, set(rows.values_list("interaction_id", flat=True)), some, is_erasure=True))
        for kind in carriers():
            theirs = kind.rows.filter(subject.theirs, project=project).values_list("trace_id", flat=True)
            counts[kind.name] += sum(str(trace_id) not in subject.traces for trace_id in theirs[:most])
    return +counts
