"""What was asked of a judge: by one verdict, by one day."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(slots=True)
class Meter:
    """Counts every call, also those that failed. `cost_usd` is None once a call's price is unknown."""

    calls: int = 0
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: Decimal | None = Decimal(0)

    def add(self, input_tokens: int | None, output_tokens: int | None, cost_usd: Decimal | None) -> None:
        if input_tokens is not None:
            self.input_tokens = (self.input_tokens or 0) + input_tokens
        if output_tokens is not None:
            self.output_tokens = (self.output_tokens or 0) + output_tokens
        self.cost_usd = None if None in (self.cost_usd, cost_usd) else self.cost_usd + cost_usd  # type: ignore[operator]
