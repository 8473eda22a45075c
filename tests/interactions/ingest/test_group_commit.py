"""Group commit: shared transactions, own results."""

import threading

import pytest

from interactions.ingest.commit import GroupCommit


class Ledger:
    """Commits numbers; -1 cannot be committed. `hold` keeps the first commit open while others queue up."""

    def __init__(self):
        self.calls, self.hold, self.is_holding = [], threading.Event(), threading.Event()

    def commit(self, works):
        if not self.calls:
            self.is_holding.set()
            self.hold.wait(10)
        self.calls.append(list(works))
        if -1 in works:
            raise ValueError("no")


@pytest.fixture
def ledger():
    return Ledger()


def run_all(ledger, group, numbers):
    """Let the first number hold the commit until the others wait, and return the errors by number."""
    errors = {}

    def one(number):
        try:
            group.run(number, size=1)
        except ValueError as error:
            errors[number] = error

    threads = [threading.Thread(target=one, args=(number,)) for number in numbers]
    threads[0].start()
    assert ledger.is_holding.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(group._queue) < len(numbers) - 1:
        threading.Event().wait(0.001)
    ledger.hold.set()
    for thread in threads:
        thread.join(10)
    return errors


def test_those_that_wait_share_one_commit(ledger):
    assert run_all(ledger, GroupCommit(ledger.commit), range(6)) == {}
    assert ledger.calls[0] == [0]
    assert sorted(ledger.calls[1]) == [1, 2, 3, 4, 5]
    assert len(ledger.calls) == 2


def test_one_that_fails_fails_alone(ledger):
    errors = run_all(ledger, GroupCommit(ledger.commit), [7, 1, -1, 2])
    assert list(errors) == [-1]
    assert sorted(number for call in ledger.calls if len(call) == 1 for number in call) == [-1, 1, 2, 7]


def test_an_interruption_is_never_taken_for_a_commit():
    def interrupted(works):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        GroupCommit(interrupted).run(1, size=1)
