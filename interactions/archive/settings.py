"""Whether and where facts are archived."""

from django.conf import settings
from django.core.files.storage import Storage, storages

from observatory.core.archive_storage import NO_ARCHIVE


def is_archiving() -> bool:
    return settings.OBSERVATORY["OBSERVATORY_ARCHIVE_DIR"] != NO_ARCHIVE


def archive_storage() -> Storage:
    """The storage of the archives, whatever its backend."""
    return storages["archive"]
