"""How many rows an erasure took, kept with the receipt."""

from interactions.models import Erasure


class Tally:
    """Counts on the receipt itself: call `add` in the transaction that deletes, and a killed run counts nothing twice."""

    def __init__(self, erasure: Erasure):
        self.erasure = erasure

    def add(self, name: str, number: int) -> None:
        if number:
            self.erasure.counts[name] = self.erasure.counts.get(name, 0) + number
            self.erasure.save(update_fields=["counts"])
