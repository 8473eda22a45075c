"""One pass over the attributes of a span: for each target the value that counts, and what nobody understood."""

from typing import Any

from interactions.ingest.otlp.dialects import rule_of
from interactions.ingest.otlp.dialects.table import LATE, Rule
from interactions.ingest.otlp.flattened import Level, folded, grow
from interactions.ingest.otlp.vectors import is_vector

# Many attributes may say the same at length (the messages, and the raw request they came from): only one is kept.
REPEATED = LATE | {"input_type", "output_type", "first_token_ms", "first_token_ns"}


# Rank, value, name of the attribute. A plain tuple: a named one takes a tenth of the time of a whole span.
Found = tuple[Any, ...]
VALUE = 1
NAME = 2


class Findings:
    """`rest` are the attributes that stay attributes."""

    __slots__ = ("attributes", "found", "metadata", "rest", "trees")

    def __init__(self, attributes: dict[str, Any]):
        self.attributes = attributes
        self.found: dict[str, Found] = {}
        self.rest: dict[str, Any] = {}
        self.trees: dict[str, tuple[Rule, Level]] = {}
        self.metadata: dict[str, Any] = {}
        self._sort_out()
        for rule, tree in self.trees.values():
            self.offer(rule.target, rule.rank, folded(tree), rule.group)

    def get(self, target: str) -> Any:
        """Return the value that counts for a target, None where there is none."""
        one = self.found.get(target)
        return None if one is None else one[VALUE]

    def late(self, target: str) -> Any:
        """Like `get`, for a target whose value is read only now that it is known to count."""
        one = self.found.get(target)
        if one is None:
            return None
        _, value, name = one
        rule = rule_of(name)
        return rule.read(value) if rule is not None and rule.read is not None else value

    def offer(self, target: str, rank: int, value: Any, name: str) -> None:
        offered, best = (rank, value, name), self.found.get(target)
        if best is None:
            self.found[target] = offered
            return
        won, lost = (offered, best) if rank < best[0] else (best, offered)
        self.found[target] = won
        if target == "metadata":
            self.metadata |= dict(lost[VALUE])
        elif target not in REPEATED and won[VALUE] != lost[VALUE]:
            self._restore(lost)

    def give_back(self, target: str) -> None:
        """Put a value that must not count back among the attributes."""
        one = self.found.pop(target, None)
        if one is not None:
            self._restore(one)

    def _restore(self, one: Found) -> None:
        _, value, name = one
        self.rest[name] = self.attributes.get(name, value)

    def _sort_out(self) -> None:
        found, rest, offer = self.found, self.rest, self.offer
        for name, value in self.attributes.items():
            rule = rule_of(name)
            if rule is None:
                rest[name] = value
                continue
            rank, target, read, path, group, keeps = rule
            if path is not None:
                self._place(rule, path, group, name, value)
                continue
            if read is not None and target not in LATE:
                raw, value = value, read(value)
                if value is None:
                    rest[name] = raw
                    continue
                if keeps:
                    rest[name] = raw
            if target in found:
                offer(target, rank, value, name)
            else:
                found[target] = (rank, value, name)

    def _place(self, rule: Rule, path: Any, group: str, name: str, value: Any) -> None:
        if group == "metadata":
            self.metadata[path[0]] = rule.read(value) if rule.read is not None else value
            return
        if is_vector(name):
            return
        entry = self.trees.get(group)
        if entry is None:
            entry = self.trees[group] = (rule, Level())
        if not grow(entry[1], path, value):
            self.rest[name] = value
