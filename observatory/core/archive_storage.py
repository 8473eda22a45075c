"""Where archives go: a folder, or any Django storage."""

from pathlib import Path
from typing import Any

NO_ARCHIVE = "none"
FILE_SYSTEM = "django.core.files.storage.FileSystemStorage"


def archive_storage(settings: dict[str, Any], data_dir: Path) -> dict[str, Any]:
    """Return the storage "archive" as Django's STORAGES wants it."""
    backend, options = settings["OBSERVATORY_ARCHIVE_STORAGE"], dict(settings["OBSERVATORY_ARCHIVE_OPTIONS"])
    if backend == FILE_SYSTEM:
        options.setdefault("location", str(data_dir / settings["OBSERVATORY_ARCHIVE_DIR"]))
        # Raw data is for its owner only.
        options = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700, **options}
    return {"BACKEND": backend, "OPTIONS": options}
