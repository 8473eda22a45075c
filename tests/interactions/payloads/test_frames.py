"""Texts come back as they were packed, in as few blocks as their size allows."""

import random

import pytest
import zstandard

from interactions.payloads import frames
from interactions.payloads.frames import as_shared, pack, pack_shared, unpack, unpack_shared


def prose(seed: int, words: int = 200) -> str:
    rng = random.Random(seed)
    return " ".join(f"{rng.randrange(10**6)}" for _ in range(words))


def test_one_block_holds_what_arrived_together():
    contents = {"a": {"s1": {"input": "wo?"}}, "b": {"s2": {"output": "da \u2028 \U0001f600"}}, 'odd "id"': {}}
    (block,) = pack(contents)
    assert (block.keys, block.shared, unpack(block.body)) == (["a", "b", 'odd "id"'], [], contents)


def test_large_texts_are_spread_over_blocks_and_none_is_torn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(frames, "BLOCK_BYTES", 1_000)
    contents = {f"trace-{number}": "x" * 300 * (number % 5) for number in range(20)}
    blocks = list(pack(contents))
    assert len(blocks) > 3
    assert [list(unpack(block.body)) for block in blocks] == [block.keys for block in blocks]
    assert {key: value for block in blocks for key, value in unpack(block.body).items()} == contents


def test_nothing_to_pack_makes_no_block():
    assert list(pack({})) == []


def test_neighbours_that_repeat_each_other_cost_little():
    prompt = prose(1)
    alone = sum(len(block.body) for number in range(16) for block in pack({str(number): prompt}))
    together = sum(len(block.body) for block in pack({str(number): prompt for number in range(16)}))
    assert together < alone / 10


def test_a_block_is_read_with_the_texts_it_shares_wherever_they_stand():
    passages = [f'{prose(seed)}\n"quoted" \u2028 \U0001f600' for seed in (1, 2)]
    value = {"documents": [{"text": text} for text in passages], "input": f"Use these:\n{passages[1]}\n{passages[0]}"}
    (block,) = pack({"a": value, "b": {"input": "none"}}, {"a": passages})
    assert block.shared == [as_shared(text) for text in passages]
    assert unpack(block.body, block.shared) == {"a": value, "b": {"input": "none"}}
    (alone,) = pack({"a": value, "b": {"input": "none"}})
    assert len(block.body) < len(alone.body) / 4


def test_each_block_names_only_what_its_own_values_share(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(frames, "BLOCK_BYTES", 2_000)
    first, second = prose(1), prose(2)
    blocks = list(pack({"a": first, "b": second, "c": first}, {"a": [first], "b": [second], "c": [first, second]}))
    assert [block.shared for block in blocks] == [
        [as_shared(first)],
        [as_shared(second)],
        [as_shared(first), as_shared(second)],
    ]


@pytest.mark.parametrize("wrong", ["none", "another"])
def test_a_block_is_not_read_with_other_texts(wrong: str):
    passage, other = prose(1), prose(2)
    (block,) = pack({"a": {"input": passage}}, {"a": [passage]})
    with pytest.raises(zstandard.ZstdError):
        unpack(block.body, [] if wrong == "none" else [as_shared(other)])


def test_a_shared_text_comes_back():
    text = as_shared('a "passage"\n' * 30)
    assert unpack_shared(pack_shared(text)) == text
    assert len(pack_shared(text)) < len(text)
