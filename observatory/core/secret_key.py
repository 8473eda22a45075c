"""The signing key, generated once and kept where only its owner reads it."""

import os
from contextlib import suppress
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from observatory.core.env import ConfigurationError


def load_or_create(path: Path) -> str:
    """Return the key in `path`, writing a new one (mode 600) if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written aside and linked into place: of two processes that start at once both read the same, whole key.
        aside = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(get_random_secret_key())
        with suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    if path.stat().st_mode & 0o077:
        raise ConfigurationError(f"{path} can be read by others; run: chmod 600 {path}")
    key = path.read_text().strip()
    if len(key) < 40:
        raise ConfigurationError(f"{path} holds no key; delete it and start again")
    return key
