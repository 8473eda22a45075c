"""The files of the archive without some subjects: each that names them is written anew. Imports pyarrow."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from interactions.archive.files import opened, publish
from interactions.archive.tables import names_of, read_containing, read_file, write_file
from interactions.erasure.holds import refuse_if_held
from interactions.erasure.subject import Subject
from interactions.models import ArchiveFile
from interactions.raw_data.kinds import KINDS
from interactions.raw_data.lease import renew
from interactions.trace_notes import SUBJECTS, subjects_of
from observatory.projects.models import Project

ID_COLUMNS = tuple(SUBJECTS.values())
Row = tuple[Any, ...]
Owner = Callable[[Sequence[Any]], Subject | None]


def find_traces(project: Project, subjects: Sequence[Subject]) -> None:
    """Add the traces that archived interactions, or the texts of archived spans, say are the subjects'."""
    of = {(subject.kind, subject.id): subject for subject in subjects}
    for file in ArchiveFile.objects.filter(project=project, kind__in=("interactions", "spans")):
        renew()
        with opened(file.name) as content:
            found = _of_interactions(content) if file.kind == "interactions" else _of_spans(content, subjects)
            for trace_id, one in found:
                if one in of:
                    of[one].traces.add(trace_id)


def _of_interactions(content: Any) -> Iterator[tuple[str, tuple[str, str]]]:
    for trace_id, *ids in read_file(content, ("trace_id", *ID_COLUMNS)):
        yield from ((trace_id, (kind, one)) for kind, one in zip(SUBJECTS, ids, strict=True) if one)


def _of_spans(content: Any, subjects: Sequence[Subject]) -> Iterator[tuple[str, tuple[str, str]]]:
    # As orjson writes it, without the closing quote: an interaction keeps the beginning of a longer id.
    wanted = [f'"{subject.column}":{orjson.dumps(subject.id).decode()[:-1]}' for subject in subjects]
    for trace_id, texts in read_containing(content, ("trace_id", "texts"), "texts", wanted):
        yield from ((trace_id, one) for one in subjects_of(orjson.loads(texts)))


def erase(project: Project, subjects: Sequence[Subject]) -> None:
    """Write the files of a project anew without the subjects' rows and traces."""
    for file in _files(project):
        _erase_from(file, project, subjects)


def count(project: Project, subject: Subject) -> Counter[str]:
    """How many rows `erase` would take out of the files of a project, by their kind."""
    counts = Counter[str]()
    for file in _files(project):
        columns = _columns_of(file)
        with opened(file.name) as content:
            counts[f"archived {file.kind}"] += _numbers(content, columns, _owner_of(columns, [subject]))[subject]
    return +counts


def _files(project: Project) -> Iterator[ArchiveFile]:
    for file in ArchiveFile.objects.filter(
        project=project, kind__in=[name for name, kind in KINDS.items() if kind.is_traced]
    ):
        renew()
        yield file


def _columns_of(file: ArchiveFile) -> list[str]:
    """What tells whose a row is."""
    return [name for name in ("trace_id", *ID_COLUMNS) if name in KINDS[file.kind].columns]


def _numbers(content: Any, columns: Sequence[str], owner: Owner) -> Counter[Subject]:
    return Counter(one for row in read_file(content, columns) if (one := owner(row)) is not None)


def _erase_from(file: ArchiveFile, project: Project, subjects: Sequence[Subject]) -> None:
    kind = KINDS[file.kind]
    columns = _columns_of(file)
    owner = _owner_of(columns, subjects)
    with opened(file.name) as content, tempfile.TemporaryDirectory(prefix="observatory-archive-") as folder:
        numbers = _numbers(content, columns, owner)
        if not numbers:
            return
        content.seek(0)
        names = names_of(kind)
        places = [names.index(name) for name in columns]
        kept = (row for row in read_file(content, names) if owner([row[place] for place in places]) is None)
        path = Path(folder) / "day.parquet"
        left = write_file(path, kind, kept)

        def tally() -> None:
            refuse_if_held([one for subject in subjects for one in subject.projects])
            for subject, number in numbers.items():
                subject.tally.add(f"archived {file.kind}", number)

        publish(project, file.kind, file.day, path, left, together=tally)


def _owner_of(columns: Sequence[str], subjects: Sequence[Subject]) -> Owner:
    """A function of these columns of a row: the first subject whose row or trace it is."""
    traces = {trace_id: subject for subject in reversed(subjects) for trace_id in subject.traces}
    ids = {(subject.column, subject.id): subject for subject in reversed(subjects)}

    def owner(row: Sequence[Any]) -> Subject | None:
        found = traces.get(row[0])
        return found or next((ids[pair] for pair in zip(columns[1:], row[1:], strict=True) if pair in ids), None)

    return owner
