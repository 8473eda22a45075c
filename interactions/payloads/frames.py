"""Long texts in blocks: a zstd value with a trained dictionary that holds the texts of traces that arrived together.

Traces of one application repeat each other's prompts, passages and words, so a block takes a third less than its traces
one by one, and half on SQLite, whose pages a single trace leaves half empty. The frame names its dictionary by id, so old
payloads stay readable when a new dictionary is added to `dictionaries/` (one file an id, never changed once released).
The dictionary is trained by `benchmarks/train_dictionary.py`.
"""

import threading
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import zstandard

DICTIONARIES = Path(__file__).parent.parent / "dictionaries"
CURRENT = 1
LEVEL = 3
# What the page of one trace has to read: a millisecond.
BLOCK_BYTES = 256 * 1024
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
_local = threading.local()  # a zstd context serves one thread at a time


@cache
def dictionary(number: int) -> zstandard.ZstdCompressionDict:
    found = zstandard.ZstdCompressionDict((DICTIONARIES / f"{number}.zdict").read_bytes())
    if number == CURRENT:
        found.precompute_compress(level=LEVEL)
    return found


def pack(contents: Mapping[str, Any]) -> Iterator[tuple[list[str], bytes]]:
    """Yield the stored form of plain JSON values: blocks, each with the keys of the values that are in it."""
    keys: list[str] = []
    parts: list[bytes] = []
    size = 0
    for key, value in contents.items():
        part = orjson.dumps({key: value})[1:-1]
        if keys and size + len(part) > BLOCK_BYTES:
            yield keys, _packed(parts)
            keys, parts, size = [], [], 0
        keys.append(key)
        parts.append(part)
        size += len(part)
    if keys:
        yield keys, _packed(parts)


def pack_one(contents: Mapping[str, Any]) -> bytes:
    """Return the stored form of a whole block."""
    return _packed([orjson.dumps({key: value})[1:-1] for key, value in contents.items()])


def unpack(body: bytes | memoryview) -> dict[str, Any]:
    """Return the values of a block by their keys."""
    body = bytes(body)
    number = zstandard.get_frame_parameters(body).dict_id
    decompressors = _local.__dict__.setdefault("decompressors", {})
    decompressor = decompressors.get(number)
    if decompressor is None:
        decompressor = zstandard.ZstdDecompressor(dict_data=dictionary(number)) if number else zstandard.ZstdDecompressor()
        decompressors[number] = decompressor
    return orjson.loads(decompressor.decompress(body, max_output_size=MAX_UNPACKED_BYTES))


def _packed(parts: list[bytes]) -> bytes:
    compressor = getattr(_local, "compressor", None)
    if compressor is None:
        compressor = _local.compressor = zstandard.ZstdCompressor(dict_data=dictionary(CURRENT))
    return compressor.compress(b"{" + b",".join(parts) + b"}")
