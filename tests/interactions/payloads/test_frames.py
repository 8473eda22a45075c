"""Texts come back as they were packed, in as few blocks as their size allows."""

import random

import pytest

from interactions.payloads import frames
from interactions.payloads.frames import pack, unpack


def test_one_block_holds_what_arrived_together():
    contents = {"a": {"s1": {"input": "wo?"}}, "b": {"s2": {"output": "da \u2028 \U0001f600"}}, 'odd "id"': {}}
    ((keys, body),) = pack(contents)
    assert (keys, unpack(body)) == (["a", "b", 'odd "id"'], contents)


def test_large_texts_are_spread_over_blocks_and_none_is_torn(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(frames, "BLOCK_BYTES", 1_000)
    contents = {f"trace-{number}": "x" * 300 * (number % 5) for number in range(20)}
    blocks = list(pack(contents))
    assert len(blocks) > 3
    assert [list(unpack(body)) for _, body in blocks] == [keys for keys, _ in blocks]
    assert {key: value for _, body in blocks for key, value in unpack(body).items()} == contents


def test_nothing_to_pack_makes_no_block():
    assert list(pack({})) == []


def test_neighbours_that_repeat_each_other_cost_little():
    rng = random.Random(1)
    prompt = " ".join(str(rng.random()) for _ in range(200))
    alone = sum(len(body) for number in range(16) for _, body in pack({str(number): prompt}))
    together = sum(len(body) for _, body in pack({str(number): prompt for number in range(16)}))
    assert together < alone / 10
