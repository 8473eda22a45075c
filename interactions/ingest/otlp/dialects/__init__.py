"""All dialects as one lookup: the name of an attribute to what it says.

`PRECEDENCE` decides where two dialects speak for the same target on one span: what a person set by hand in a product's
own SDK before what an instrumentor wrote, the specific vocabulary before the general one. Weak entries (raw requests and
responses, function arguments) come after all others, in the same order.
"""

from functools import lru_cache

from interactions.ingest.otlp.dialects.genai import GENAI
from interactions.ingest.otlp.dialects.langfuse import LANGFUSE
from interactions.ingest.otlp.dialects.logfire import LOGFIRE
from interactions.ingest.otlp.dialects.mlflow import MLFLOW
from interactions.ingest.otlp.dialects.openinference import OPENINFERENCE
from interactions.ingest.otlp.dialects.openlit import OPENLIT
from interactions.ingest.otlp.dialects.openllmetry import OPENLLMETRY
from interactions.ingest.otlp.dialects.table import LATE, READERS, Dialect, EventUse, Rule, Use
from interactions.ingest.otlp.dialects.vercel import VERCEL
from interactions.ingest.otlp.flattened import path_of
from interactions.ingest.otlp.readers import Reader, one_of, unquoted, unquoted_content

PRECEDENCE = (LANGFUSE, OPENINFERENCE, MLFLOW, VERCEL, GENAI, OPENLLMETRY, LOGFIRE, OPENLIT)
WEAK = 100_000
PER_DIALECT = 1_000
# Names come from outside: the memory of resolved ones is bounded.
REMEMBERED_NAMES = 16_384


def _use(entry: str | Use) -> Use:
    return Use(entry) if isinstance(entry, str) else entry


def _reader(use: Use, dialect: Dialect) -> Reader | None:
    read = use.read or READERS.get(use.target)
    if not dialect.is_quoted or read is None:
        return read
    if use.target in LATE:
        return use.read or unquoted_content
    return _of_unquoted(read)


def _of_unquoted(read: Reader) -> Reader:
    return lambda value: read(unquoted(value))


def _names() -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for place, dialect in enumerate(PRECEDENCE):
        for position, (name, entry) in enumerate(dialect.names.items()):
            use = _use(entry)
            rank = WEAK * use.weak + PER_DIALECT * place + position
            found.setdefault(name, Rule(rank, use.target, _reader(use, dialect), keeps=use.keeps))
        for name, table in dialect.kinds.items():
            read = _of_unquoted(one_of(table)) if dialect.is_quoted else one_of(table)
            found.setdefault(name, Rule(PER_DIALECT * place, "kind", read))
    return found


def _lists() -> dict[str, Rule]:
    found: dict[str, Rule] = {}
    for place, dialect in enumerate(PRECEDENCE):
        for position, (prefix, entry) in enumerate(dialect.lists.items()):
            use = _use(entry)
            found[prefix] = Rule(WEAK * use.weak + PER_DIALECT * place + 500 + position, use.target, None, group=prefix)
    return found


NAMES = _names()
LISTS = _lists()
METADATA = {
    prefix: Rule(0, "metadata", unquoted if one.is_quoted else None) for one in PRECEDENCE for prefix in one.metadata
}
EVENTS: dict[str, EventUse] = {name: use for dialect in PRECEDENCE for name, use in dialect.events.items()}
BETRAYS = {name: kind for dialect in reversed(PRECEDENCE) for name, kind in dialect.betrays.items()}


@lru_cache(maxsize=REMEMBERED_NAMES)
def rule_of(name: str) -> Rule | None:
    """Return what the attribute of this name says, None for a name that no dialect knows."""
    rule = NAMES.get(name)
    if rule is not None:
        return rule
    for prefix, rule in LISTS.items():
        if name.startswith(prefix):
            path = path_of(name[len(prefix) :])
            return rule._replace(path=path) if path else None
    for prefix, rule in METADATA.items():
        if name.startswith(prefix):
            return rule._replace(path=(name[len(prefix) :],), group="metadata")
    return None
