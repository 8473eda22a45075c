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
from interactions.retention.lease import renew
from observatory.projects.models import Project

MANIFEST = "manifest.json"
HASH_CHARS = 16


def folder_of(project: Project, kind: str = "") -> str:
    """Where a project's files are. By number: a project may be given another name."""
    return "/".join(part for part in (f"project-{project.pk}", kind) if part)


def nothing() -> None:
    return None


def publish(
    project: Project, kind: str, day: date, path: Path, rows: int, *, together: Callable[[], None] = nothing
) -> None:
    """Make a file the archive of its day. Killed at any point, a rerun with the same rows ends with the same files.

    The old file goes last: until then the row names the one or the other, whole. `together` runs in the transaction that
    changes the row.
    """
    row: dict[str, Any] = {"project": project, "kind": kind, "day": day}
    values: dict[str, Any] = {}
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
    mend(project)


def mend(project: Project) -> None:
    """Do what a killed process left undone: the manifest says what the rows say, and no other file is there."""
    write_manifest(project)
    sweep(project)


def _put(name: str, path: Path, sha256: str) -> None:
    storage = archive_storage()
    if storage.exists(name):
        if checksum(name) == sha256:
            return
        storage.delete(name)  # a process was killed while it wrote
    with path.open("rb") as file:
        storage.save(name, File(file))


def sweep(project: Project) -> list[str]:
    """Delete files that no row names: what a killed process left behind. Returns their names."""
    storage = archive_storage()
    known = set(ArchiveFile.objects.filter(project=project).values_list("name", flat=True))
    left = [name for name in stored_names(project) if name not in known]
    for name in left:
        storage.delete(name)
    return left


def stored_names(project: Project) -> list[str]:
    storage, root = archive_storage(), folder_of(project)
    try:
        kinds = storage.listdir(root)[0]
    except FileNotFoundError:
        return []
    return sorted(f"{root}/{kind}/{name}" for kind in kinds for name in storage.listdir(f"{root}/{kind}")[1])


def write_manifest(project: Project) -> None:
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
    storage.save(name, ContentFile(body))


def checksum(name: str) -> str:
    with archive_storage().open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def opened(name: str) -> Iterator[Any]:
    """A file of the archive, to be read from anywhere in it; storages far away are read whole first."""
    with archive_storage().open(name) as file, tempfile.TemporaryFile() as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.seek(0)
        yield copy
