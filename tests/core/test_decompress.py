"""Decompression holds at most the limit, in time that is linear in the body."""

import gzip
import random
import time
import zlib

import pytest

from observatory.core.bodies import MOST_MEMBERS, STEP, decompress
from observatory.core.errors import ApiError

LIMIT = 20 * 1024 * 1024
NOISE = random.Random(1).randbytes(3 * STEP + 7)


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize("data", [b"", b"short", NOISE, b"a" * (5 * STEP), b"a" * (1000 * STEP // 10)])
@pytest.mark.parametrize(
    ("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", raw_deflate)]
)
def test_what_was_packed_comes_back(data, encoding, pack):
    assert decompress(pack(data), encoding, LIMIT) == data


def test_the_members_of_a_gzip_are_joined():
    assert decompress(gzip.compress(b"one ") + gzip.compress(NOISE) + gzip.compress(b" two"), "gzip", LIMIT) == (
        b"one " + NOISE + b" two"
    )


@pytest.mark.parametrize("cut", [1, 9, 12, 1000])
def test_a_body_that_ends_in_the_middle_is_undecodable(cut):
    with pytest.raises(ApiError) as refusal:
        decompress(gzip.compress(NOISE)[:-cut], "gzip", LIMIT)
    assert refusal.value.code == "undecodable"


def test_more_than_the_limit_is_too_large():
    with pytest.raises(ApiError) as refusal:
        decompress(gzip.compress(bytes(LIMIT + 1)), "gzip", LIMIT)
    assert refusal.value.status == 413
    assert len(decompress(gzip.compress(bytes(LIMIT)), "gzip", LIMIT)) == LIMIT


def test_thousands_of_empty_members_are_refused_at_once():
    body = gzip.compress(b"") * (1_000_000 // 20)
    begin = time.process_time()
    with pytest.raises(ApiError) as refusal:
        decompress(body, "gzip", LIMIT)
    assert (refusal.value.status, refusal.value.code) == (400, "undecodable")
    assert time.process_time() - begin < 0.5


def test_members_up_to_the_cap_are_taken():
    assert decompress(gzip.compress(b"x") * MOST_MEMBERS, "gzip", LIMIT) == b"x" * MOST_MEMBERS


def test_a_large_body_that_does_not_shrink_takes_linear_time():
    noise = random.Random(2).randbytes(LIMIT - 1)
    packed = gzip.compress(noise, 1)
    begin = time.process_time()
    assert decompress(packed, "gzip", LIMIT) == noise
    assert time.process_time() - begin < 1.5
