"""What a re-pricing changes, counted: of interactions as wholes, and of calls by model. Kept as JSON, decimals as texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any, Self

MOST_MODELS = 100  # names come from clients
OTHER = "other models"
ZERO = Decimal(0)


@dataclass
class Change:
    """Amounts before and after: `n` of them, of which `changed` differ, `closed` were unknown and `lost` became so.

    `unknown` ones had and have no known price. Totals are of the known ones. `given` are costs that the client gave; they
    stand.
    """

    n: int = 0
    changed: int = 0
    closed: int = 0
    lost: int = 0
    unknown: int = 0
    given: int = 0
    before: Decimal = ZERO
    after: Decimal = ZERO

    def add(self, before: Decimal | None, after: Decimal | None, *, is_other: bool, is_given: bool = False) -> None:
        self.n += 1
        self.changed += is_other
        self.closed += before is None and after is not None
        self.lost += before is not None and after is None
        self.unknown += before is None and after is None
        self.given += is_given
        self.before += before or ZERO
        self.after += after or ZERO

    @property
    def difference(self) -> Decimal:
        return self.after - self.before

    @property
    def known_before(self) -> Decimal | None:
        """The total before; None where no amount was known, which is not 0."""
        return self.before if self.n > self.unknown + self.closed else None

    @property
    def known_after(self) -> Decimal | None:
        return self.after if self.n > self.unknown + self.lost else None

    def as_json(self) -> dict[str, Any]:
        found = {one.name: getattr(self, one.name) for one in fields(Change)}
        return {name: f"{value.normalize():f}" if isinstance(value, Decimal) else value for name, value in found.items()}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        made = cls()
        for name, value in kept.items():
            setattr(made, name, Decimal(value) if isinstance(value, str) else value)
        return made


@dataclass
class Tally:
    """`incomplete` interactions wait for their digest or have lost some of their facts: they are left alone."""

    whole: Change = field(default_factory=Change)
    by_model: dict[str, Change] = field(default_factory=dict)
    incomplete: int = 0

    @property
    def seen(self) -> int:
        return self.whole.n + self.incomplete

    def of_model(self, model: str) -> Change:
        """The change of a model; beyond MOST_MODELS they are counted as one."""
        name = model if model in self.by_model or len(self.by_model) < MOST_MODELS else OTHER
        return self.by_model.setdefault(name, Change())

    def as_json(self) -> dict[str, Any]:
        models = {name: change.as_json() for name, change in self.by_model.items()}
        return {"whole": self.whole.as_json(), "models": models, "incomplete": self.incomplete}

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Self:
        models = {name: Change.of_json(change) for name, change in kept.get("models", {}).items()}
        return cls(Change.of_json(kept.get("whole", {})), models, kept.get("incomplete", 0))
