"""The files of the archive without a subject: each that names it is written anew. Imports pyarrow."""

import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from interactions.archive.files import mend, opened, publish
from interactions.archive.tables import names_of, read_file, write_file
from interactions.erasure.facts import Subject
from interactions.erasure.tally import Tally
from interactions.models import ArchiveFile
from interactions.retention.kinds import KINDS
from interactions.retention.lease import renew
from observatory.projects.models import Project

Row = tuple[Any, ...]


class ProjectArchive:
    def __init__(self, project: Project):
        self.project = project

    def erase(self, subject: Subject, kinds: Sequence[str], tally: Tally) -> None:
        """Write the files of these kinds anew without the subject's rows."""
        mend(self.project)
        for file in ArchiveFile.objects.filter(project=self.project, kind__in=kinds):
            renew()
            self._erase_from(file, subject, tally)

    def find_traces(self, subject: Subject) -> None:
        """Add the traces that archived interactions say were the subject's."""
        for file in ArchiveFile.objects.filter(project=self.project, kind="interactions"):
            renew()
            with opened(file.name) as content:
                rows = read_file(content, ("trace_id", subject.column))
                subject.traces |= {trace_id for trace_id, one in rows if one == subject.id}

    def _erase_from(self, file: ArchiveFile, subject: Subject, tally: Tally) -> None:
        kind = KINDS[file.kind]
        columns = [name for name in ("trace_id", subject.column) if name in kind.columns]
        with opened(file.name) as content:
            is_theirs = _matcher(columns, subject)
            number = sum(1 for row in read_file(content, columns) if is_theirs(row))
        if not number:
            return
        names = names_of(kind)
        places = [names.index(name) for name in columns]
        with opened(file.name) as content, tempfile.TemporaryDirectory(prefix="observatory-archive-") as folder:
            kept = (row for row in read_file(content, names) if not is_theirs(tuple(row[place] for place in places)))
            path = Path(folder) / "day.parquet"
            left = write_file(path, kind, kept)
            counted = partial(tally.add, f"archived {file.kind}", number)
            publish(self.project, file.kind, file.day, path, left, together=counted)


def _matcher(columns: Sequence[str], subject: Subject) -> Callable[[Row], bool]:
    """A function of these columns of a row: whether the row is of the subject or of a trace of theirs."""
    own = columns.index(subject.column) if subject.column in columns else None
    trace = columns.index("trace_id")
    return lambda row: row[trace] in subject.traces or (own is not None and row[own] == subject.id)
