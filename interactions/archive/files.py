"""The files of the archive and their manifest: a row names the file that counts, and is changed after the file is there."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils import timezone

from interactions.archive.settings import archive_storage
from interactions.models import ArchiveFile
from interactions.raw_data.kinds import Kind
from interactions.raw_data.lease import renew
from observatory.projects.models import Project

MANIFEST = "manifest.json"
HASH_CHARS = 16


class ArchiveError(Exception):
    """Why the archive cannot be read or written, in words for an operator."""


def folder_of(project: Project, kind: str = "") -> str:
    """Where a project's files are. By number: a project may be given another name."""
    return "/".join(part for part in (f"project-{project.pk}", kind) if part)


def nothing() -> None:
    return None


def publish(project: Project, kind: str, day: date, path: Path, rows: int, *, together: Callable[[], Any] = nothing) -> None:
    """Make a file the archive of its day; call `mend` when all are published.

    The old file goes last: until then the row names the one or the other, whole. `together` runs in the transaction that
    changes the row.
    """
    row: dict[str, Any] = {"project": project, "kind": kind, "day": day}
    values: dict[str, Any] = {}
    before = ArchiveFile.objects.filter(**row).values_list("name", flat=True).first()
    if rows:
        sha256 = _hash_of(path)
        name = f"{folder_of(project, kind)}/{day.isoformat()}-{sha256[:HASH_CHARS]}.parquet"
        _put(name, path, sha256)
        values = {"name": name, "sha256": sha256, "rows": rows, "size_bytes": path.stat().st_size}
    with transaction.atomic():
        renew()
        if not rows:
            ArchiveFile.objects.filter(**row).delete()
        elif not ArchiveFile.objects.filter(**row, **values).exists():
            ArchiveFile.objects.update_or_create(**row, defaults={**values, "written_at": timezone.now()})
        together()
    if before is not None and before != values.get("name"):
        archive_storage().delete(before)


def open_days(project_id: int, kind: Kind) -> list[date]:
    """The days whose files are open, in order: not all of their rows have left the database since they were written."""
    files = ArchiveFile.objects.filter(project_id=project_id, kind=kind.name, is_open=True)
    return list(files.order_by("day").values_list("day", flat=True))


def close_files(project: Project, kind: Kind, since: date, until: date) -> None:
    """All rows of these days have left the database: only late ones open their files again."""
    files = ArchiveFile.objects.filter(project=project, kind=kind.name, day__gte=since, day__lt=until, is_open=True)
    with transaction.atomic():
        files.update(is_open=False)


def mend(project: Project) -> None:
    """Bring the manifest up to the rows, and delete what a killed process left: once a run, under the lease of retention."""
    _write_manifest(project)
    _sweep(project)


def _put(name: str, path: Path, sha256: str) -> None:
    storage = archive_storage()
    if storage.exists(name):
        if checksum(name) == sha256:
            return
        storage.delete(name)  # a process was killed while it wrote
    with path.open("rb") as file:
        _save(name, File(file))


def _save(name: str, content: File) -> None:
    """A storage may choose another name; then nothing would find the file again."""
    saved = archive_storage().save(name, content)
    if saved != name:
        archive_storage().delete(saved)
        raise ArchiveError(f"The storage of the archive wrote {saved} for {name}: let it keep names as they are.")


def _sweep(project: Project) -> None:
    """Delete files that no row names."""
    known = set(ArchiveFile.objects.filter(project=project).values_list("name", flat=True))
    for name in stored_names(project):
        if name not in known:
            archive_storage().delete(name)


def stored_names(project: Project) -> list[str]:
    storage, root = archive_storage(), folder_of(project)
    try:
        kinds = storage.listdir(root)[0]
    except FileNotFoundError:
        return []
    return sorted(f"{root}/{kind}/{name}" for kind in kinds for name in storage.listdir(f"{root}/{kind}")[1])


def _write_manifest(project: Project) -> None:
    """Say beside the files what they are, so that the archive can be read without the database."""
    files = ArchiveFile.objects.filter(project=project)
    names = ("kind", "day", "name", "sha256", "rows", "size_bytes")
    content = {"format": 1, "project": project.slug, "files": list(files.values(*names))}
    body = orjson.dumps(content, option=orjson.OPT_INDENT_2)
    storage, name = archive_storage(), f"{folder_of(project)}/{MANIFEST}"
    is_there = storage.exists(name)
    if not is_there and not content["files"]:
        return
    if is_there:
        with storage.open(name) as file:
            if file.read() == body:
                return
        storage.delete(name)
    _save(name, ContentFile(body))


def checksum(name: str) -> str:
    with _open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(name: str) -> Iterator[Any]:
    """A file of the archive, to be read from anywhere in it; storages far away are read whole first."""
    with _open(name) as file, tempfile.TemporaryFile() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.seek(0)
        yield copy


def _open(name: str) -> File:
    try:
        return archive_storage().open(name)
    except FileNotFoundError:
        raise ArchiveError(f"{name} is not in the archive. If it was deleted on purpose: manage.py archive forget") from None


def forget_missing(project: Project) -> list[str]:
    """Forget the files that are no longer in the storage, and return their names."""
    there = set(stored_names(project))
    rows = ArchiveFile.objects.filter(project=project)
    missing = [name for name in rows.values_list("name", flat=True) if name not in there]
    for name in missing:
        rows.filter(name=name).delete()
    return missing
