"""Which texts are worth a row of their own."""

import pytest

from interactions.payloads import repeats
from interactions.payloads.repeats import MIN_CHARS, Memory, long_parts, long_parts_of_block, mark_of

LONG, OTHER = "a" * MIN_CHARS, "b" * MIN_CHARS


@pytest.mark.parametrize(
    "texts, found",
    [
        ({"documents": [{"text": LONG}, {"text": "short"}, {"id": "1"}, "odd", None]}, [LONG]),
        ({"passages": [{"text": LONG}], "query": OTHER}, [LONG]),
        (
            {"input": [{"role": "system", "content": LONG}], "output": [{"role": "assistant", "content": OTHER}]},
            [LONG, OTHER],
        ),
        ({"input": LONG, "output": {"content": LONG}, "attributes": {"text": LONG}}, []),
        ({"input": [{"content": [{"type": "image"}]}, {"content": 7}]}, []),
        ({}, []),
    ],
)
def test_long_passages_and_messages_are_found(texts, found):
    assert list(long_parts(texts)) == found


def test_those_of_a_block_are_found_in_traces_and_in_interactions():
    traces = {"t": {"s1": {"documents": [{"text": LONG}]}, "documents": {"input": [{"content": OTHER}]}}}
    interactions = {"i": {"passages": [{"text": LONG}], "metadata": {"a": 1}, "query": "q"}}
    assert list(long_parts_of_block(traces)) == [LONG, OTHER]
    assert list(long_parts_of_block(interactions)) == [LONG]


def test_what_was_stored_lately_is_known():
    memory = Memory()
    assert not memory.knows(mark_of(1, LONG))
    memory.remember([mark_of(1, LONG), mark_of(1, OTHER)])
    assert memory.knows(mark_of(1, LONG))
    assert memory.knows(mark_of(1, OTHER))
    assert not memory.knows(mark_of(2, LONG))


def test_new_ones_are_not_taken_for_known_and_old_ones_are_forgotten(monkeypatch):
    monkeypatch.setattr(repeats, "PLACES", 2**14)
    memory = Memory()
    marks = [mark_of(1, str(number)) for number in range(100_000)]
    memory.remember(marks[:50_000])
    assert not any(map(memory.knows, marks[50_000:]))
    assert sum(map(memory.knows, marks[49_000:50_000])) > 900  # the last thousand of 16,384 places
    assert sum(map(memory.knows, marks[:1_000])) < 100
