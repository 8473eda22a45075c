"""Whether the archive is what its manifest says."""

from interactions.archive.files import checksum, stored_names
from interactions.archive.settings import archive_storage
from interactions.models import ArchiveFile
from observatory.projects.models import Project


def problems(project: Project) -> list[str]:
    """Return what is wrong, one line each: files that are missing, changed, unreadable or unknown."""
    found = []
    files = {file.name: file for file in ArchiveFile.objects.filter(project=project)}
    for name, file in files.items():
        if not archive_storage().exists(name):
            found.append(f"{name}: is missing")
        elif checksum(name) != file.sha256:
            found.append(f"{name}: its SHA-256 differs from the manifest")
        elif (rows := _rows(name)) != file.rows:
            found.append(f"{name}: has {rows} rows, the manifest says {file.rows}")
    return found + [f"{name}: is not in the manifest" for name in stored_names(project) if name not in files]


def _rows(name: str) -> int:
    import pyarrow.parquet as pq

    from interactions.archive.files import opened

    with opened(name) as file:
        return pq.ParquetFile(file).metadata.num_rows
