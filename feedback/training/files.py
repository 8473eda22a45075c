"""An export as a file with its card, or as a stream of lines."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from feedback.training.card import Card, as_markdown
from feedback.training.rows import Row, pages
from feedback.training.wanted import Wanted
from observatory.core.rendering import to_json
from observatory.projects.models import Project

FORMATS = ("jsonl", "parquet")
MOST_STREAMED = 50_000  # rows of a download; a command writes all
CHUNK = 1 << 20
Progress = Callable[[int, datetime | None], None]


def write_export(
    project: Project, wanted: Wanted, *, to: Path, form: str, now: datetime, progress: Progress | None = None
) -> dict[str, Any]:
    """Write the file, then FILE.card.json and FILE.card.md, and return the card. What is there already is replaced.

    The file appears under its name when it is whole.
    """
    card = Card(project.slug, wanted, made_at=now, is_held=project.is_held)
    unfinished = to.with_name(f"{to.name}.part")
    try:
        _write(unfinished, _noted(project.pk, wanted, card, progress), form)
        with unfinished.open("rb") as file:
            while content := file.read(CHUNK):
                card.hash(content)
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)
    said = json.loads(to_json(card.as_dict(to.name)))
    to.with_name(f"{to.name}.card.json").write_text(json.dumps(said, indent=2, ensure_ascii=False) + "\n")
    to.with_name(f"{to.name}.card.md").write_text(as_markdown(said))
    return said


def stream_lines(project_id: int, wanted: Wanted) -> Iterator[bytes]:
    """JSONL, page by page, MOST_STREAMED rows at most."""
    left = MOST_STREAMED
    for rows, _ in pages(project_id, wanted):
        yield lines_of(rows[:left])
        left -= len(rows)
        if left <= 0:
            return


def card_of(project: Project, wanted: Wanted, *, now: datetime) -> dict[str, Any]:
    """The card of what `stream_lines` answers, with the hash of it."""
    card = Card(project.slug, wanted, made_at=now, is_held=project.is_held)
    for rows, left_out in pages(project.pk, wanted):
        left = MOST_STREAMED - card.rows
        card.is_cut = len(rows) > left
        card.note(rows[:left], left_out)
        card.hash(lines_of(rows[:left]))
        if card.is_cut:
            break
    return card.as_dict(f"training-{project.slug}.jsonl")


def lines_of(rows: list[Row]) -> bytes:
    return b"".join(to_json(row) + b"\n" for row in rows)


def _noted(project_id: int, wanted: Wanted, card: Card, progress: Progress | None) -> Iterator[list[Row]]:
    for rows, left_out in pages(project_id, wanted):
        card.note(rows, left_out)
        yield rows
        if progress:
            progress(card.rows, card.last)


def _write(path: Path, found: Iterator[list[Row]], form: str) -> None:
    if form == "parquet":
        from feedback.training.parquet import write_parquet  # heavy: pyarrow

        write_parquet(path, found)
        return
    with path.open("wb") as file:
        for rows in found:
            file.write(lines_of(rows))
