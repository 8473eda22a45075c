"""The browser's Vega: one file, made of the libraries that the worker draws with, so both draw the same."""

import os
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

NAME = "charts/vega.js"
SNIPPET = "window.vegaEmbed = vegaEmbed;"


class VegaFinder(BaseFinder):
    """A finder of static files that makes the one it finds, in a folder named after the version it is made of."""

    def find(self, path: str, **kwargs: Any) -> str | list[str]:
        found = str(self._made()) if path == NAME else ""
        if kwargs.get("find_all") or kwargs.get("all"):
            return [found] if found else []
        return found or []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        folder = self._made().parent.parent
        yield NAME, FileSystemStorage(location=folder)

    def _made(self) -> Path:
        file = Path(settings.DATA_DIR) / "vega" / version("vl-convert-python") / NAME
        if not file.exists():
            import vl_convert  # 90 MB of library: once, at set-up

            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(f".{os.getpid()}")  # two processes may make it at once
            draft.write_text(vl_convert.javascript_bundle(SNIPPET))
            draft.replace(file)
        return file
