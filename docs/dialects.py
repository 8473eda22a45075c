"""Writes docs/reference/dialects.md from the tables of the dialects: `python docs/dialects.py`.

The documentation test holds the page against the tables.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "observatory.settings")

PAGE = ROOT / "docs" / "reference" / "dialects.md"
HEAD = """# Dialects of OpenTelemetry

Generated from `interactions/ingest/otlp/dialects/` by `python docs/dialects.py`. Do not edit.

Each table is one vocabulary that clients write. An attribute on the left becomes the field on the right. If two
attributes say the same field, the upper one counts, and an upper dialect goes before a lower one. A *weak* entry counts
only if no other attribute speaks for the field. `PREFIX.N...` is a list written as many attributes. Attributes that no
table names, or whose value cannot be read, stay in `attributes` of the span.

Some fields on the right are steps on the way: `usage` is an object of token counts, which each dialect [counts in its
own way](fields.md#tokens-that-are-part-of-others); `level` and `error_message` make the `error`; `system`, `tool_calls`
and `message_events` become messages of `input` and `output`; `first_token_ms` and `first_token_ns` become
`time_to_first_token_ms`; `input_type` and `output_type` say how to read a text; `trace_name` names the interaction.
"""


def page() -> str:
    """Return the text of the page. Django must be set up."""
    from interactions.ingest.otlp.dialects import PRECEDENCE

    return "\n".join([HEAD, *(line for dialect in PRECEDENCE for line in _section(dialect))]) + "\n"


def _section(dialect: Any) -> Iterator[str]:
    from interactions.ingest.otlp import dialects

    name = next(name for name, value in vars(dialects).items() if value is dialect)
    module = sys.modules[f"{dialects.__name__}.{name.lower()}"]
    title = re.split(r"[.,:]", module.__doc__ or "")[0]
    yield f"## {title}\n"
    yield "| attribute | field |"
    yield "| --- | --- |"
    yield from _rows(dialect)
    yield ""
    if dialect.events:
        yield "| span event | use |"
        yield "| --- | --- |"
        yield from (f"| `{event}` | {use.value} |" for event, use in dialect.events.items())
        yield ""


def _rows(dialect: Any) -> Iterator[str]:
    for attribute, values in dialect.kinds.items():
        kinds: dict[str, list[str]] = {}
        for value, kind in values.items():
            kinds.setdefault(str(kind.label), []).append(f"`{value}`")
        meaning = "; ".join(f"{', '.join(words)} → {kind}" for kind, words in kinds.items())
        yield f"| `{attribute}` | `kind`: {meaning} |"
    for attribute, entry in dialect.names.items():
        yield f"| `{attribute}` | {_target(entry)} |"
    for prefix, entry in dialect.lists.items():
        yield f"| `{prefix}N...` | {_target(entry)} |"
    for prefix in dialect.metadata:
        yield f"| `{prefix}KEY` | `metadata` |"
    for attribute, kind in dialect.betrays.items():
        yield f"| `{attribute}` | `kind` {kind.label}, if nothing else tells it |"


def _target(entry: Any) -> str:
    if isinstance(entry, str):
        return f"`{entry}`"
    return f"`{entry.target}`" + (" (weak)" if entry.weak else "")


if __name__ == "__main__":
    import django

    django.setup()
    PAGE.write_text(page())
