"""Memory for bodies that are being received: a total for all, and at most half of it for one address."""

from collections import Counter
from types import TracebackType


class Budget:
    def __init__(self, total: int):
        self.total = total
        self.held = 0
        self.by_address: Counter[str] = Counter()


class Place:
    """What one request holds of a budget; given back when it is left."""

    def __init__(self, budget: Budget, address: str):
        self.budget, self.address = budget, address
        self.size = 0

    def take(self, size: int) -> bool:
        """Hold `size` bytes that have arrived; False if that is more than there is room for."""
        budget = self.budget
        self.size += size
        budget.held += size
        budget.by_address[self.address] += size
        return budget.held <= budget.total and budget.by_address[self.address] <= budget.total // 2

    def __enter__(self) -> "Place":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        budget = self.budget
        budget.held -= self.size
        budget.by_address[self.address] -= self.size
        if not budget.by_address[self.address]:
            del budget.by_address[self.address]
