"""Which texts are worth a row of their own."""

import pytest

from interactions.payloads.repeats import MIN_CHARS, Memory, long_parts

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


def test_a_text_is_seen_from_the_second_time_on():
    memory = Memory()
    assert memory.seen(1, [LONG]) == []
    assert memory.seen(1, [LONG, OTHER]) == [LONG]
    assert memory.seen(1, [OTHER, LONG]) == [OTHER, LONG]


def test_twice_at_once_is_once():
    memory = Memory()
    assert memory.seen(1, [LONG, LONG]) == []
    assert memory.seen(1, [LONG, LONG]) == [LONG]


def test_another_project_has_not_seen_it():
    memory = Memory()
    memory.seen(1, [LONG])
    assert memory.seen(2, [LONG]) == []


def test_what_is_long_ago_is_forgotten_and_what_comes_on_is_not():
    memory = Memory(most=10)
    memory.seen(1, [LONG, OTHER])
    for number in range(40):
        memory.seen(1, [str(number)])
        assert memory.seen(1, [LONG]) == [LONG]
        assert len(memory.recent) + len(memory.before) <= 20
    assert memory.seen(1, [OTHER]) == []
