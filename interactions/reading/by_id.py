"""What has an id that somebody looks for: one query by two indexes."""

from dataclasses import dataclass
from uuid import UUID

from interactions.ingest.native.ids import canonical_id
from interactions.models import Interaction

MAX_CHARS, MIN_CHARS = 64, 3
FIELDS = ("id", "trace_id", "interaction_id")


@dataclass(frozen=True, slots=True)
class Named:
    """A trace, or an interaction. `key` is the primary key of the only interaction there is; None for a trace with more."""

    is_trace: bool
    trace_id: str
    key: int | None


def named(project_id: int, text: str) -> Named | None:
    """Return what has the id `text`, however old it is. Only a text without spaces is looked for."""
    trace_id, key = text.strip(), _uuid(text.strip())
    if not MIN_CHARS <= len(trace_id) <= MAX_CHARS or "\x00" in trace_id or len(trace_id.split()) != 1:
        return None
    trace_id = canonical_id(trace_id, 16)
    own = Interaction.objects.for_project(project_id).only(*FIELDS)
    of_id = own.filter(trace_id=trace_id)
    if key:  # two searches in one: for an "or" SQLite goes through all of the project by time
        of_id = of_id.union(own.filter(interaction_id=key), all=True)
    # Two of the trace say that there are more; one has the id itself. An interaction may have the id of its trace.
    found = list({one.pk: one for one in of_id[:3]}.values())
    if not found:
        return None
    of_trace = [one for one in found if one.trace_id == trace_id]
    if not of_trace:
        return Named(is_trace=False, trace_id=found[0].trace_id, key=found[0].pk)
    return Named(is_trace=True, trace_id=trace_id, key=of_trace[0].pk if len(of_trace) == 1 else None)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if len(text) in (32, 36) else None
    except ValueError:
        return None
