"""What several interactions cost together."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from interactions.models import Interaction


def is_unpriced(one: Any) -> bool:
    """Whether an interaction used tokens that have no known price."""
    return one.cost_usd is None and (one.input_tokens is not None or one.output_tokens is not None)


def whole_cost(interactions: Sequence[Interaction]) -> Decimal | None:
    """Sum the costs; None where one is missing, for the sum would pass for the whole."""
    costs = [one.cost_usd for one in interactions if one.cost_usd is not None]
    return sum(costs, Decimal(0)) if costs and not any(map(is_unpriced, interactions)) else None
