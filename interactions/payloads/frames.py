"""Long texts in blocks: a zstd value with a trained dictionary that holds the texts of traces that arrived together.

Traces of one application repeat each other's prompts, passages and words, so a block takes a third less than its traces
one by one, and half on SQLite, whose pages a single trace leaves half empty. The frame names its dictionary by id, so old
payloads stay readable when a new dictionary is added to `dictionaries/` (one file an id, never changed once released).
The dictionary is trained by `benchmarks/train_dictionary.py`. Texts that other blocks have too are not in the frame: they
lengthen the dictionary, wherever in the block they stand, also within a prompt.
"""

import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import zstandard

DICTIONARIES = Path(__file__).parent.parent / "dictionaries"
CURRENT = 1
LEVEL = 3
# What the page of one trace has to read: a millisecond.
BLOCK_BYTES = 256 * 1024
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
BETWEEN = b"\n"  # stands in no text as JSON has it
_local = threading.local()  # a zstd context serves one thread at a time


@dataclass(slots=True)
class Block:
    """The stored form of the values of `keys`. It is read with the texts of `shared`, in this order (see `as_shared`)."""

    keys: list[str] = field(default_factory=list)
    shared: list[bytes] = field(default_factory=list)
    body: bytes = b""


@cache
def dictionary(number: int) -> zstandard.ZstdCompressionDict:
    found = zstandard.ZstdCompressionDict(_content(number))
    if number == CURRENT:
        found.precompute_compress(level=LEVEL)
    return found


def pack(contents: Mapping[str, Any], shared: Mapping[str, Collection[str]] = MappingProxyType({})) -> Iterator[Block]:
    """Yield plain JSON values in blocks; `shared` are texts in the value of a key that other blocks have too."""
    block, size = Block(), 0
    parts: list[bytes] = []
    texts: dict[str, None] = {}
    for key, value in contents.items():
        part = orjson.dumps({key: value})[1:-1]
        if parts and size + len(part) > BLOCK_BYTES:
            yield _closed(block, parts, texts)
            block, parts, size, texts = Block(), [], 0, {}
        block.keys.append(key)
        parts.append(part)
        size += len(part)
        texts |= dict.fromkeys(shared.get(key, ()))
    if parts:
        yield _closed(block, parts, texts)


def as_json(contents: Mapping[str, Any]) -> bytes:
    """Return values as a block holds them."""
    return orjson.dumps(contents)


def pack_again(raw: bytes, shared: Sequence[bytes]) -> bytes:
    """Return the body of a block of `as_json` that is read with `shared`."""
    return _compressor(shared).compress(raw)


def unpack(body: bytes | memoryview, shared: Sequence[bytes] = ()) -> dict[str, Any]:
    """Return the values of a block by their keys."""
    body = bytes(body)
    return orjson.loads(_decompressor(body, shared).decompress(body, max_output_size=MAX_UNPACKED_BYTES))


def as_shared(text: str) -> bytes:
    """Return a text as it stands in a block, between its quotes."""
    return orjson.dumps(text)[1:-1]


def pack_shared(text: bytes) -> bytes:
    """Return the stored form of a shared text."""
    return _compressor(()).compress(text)


def unpack_shared(body: bytes | memoryview) -> bytes:
    body = bytes(body)
    return _decompressor(body, ()).decompress(body, max_output_size=MAX_UNPACKED_BYTES)


def _closed(block: Block, parts: Sequence[bytes], texts: Iterable[str]) -> Block:
    block.shared = [as_shared(text) for text in texts]
    block.body = pack_again(b"{" + b",".join(parts) + b"}", block.shared)
    return block


def _compressor(shared: Sequence[bytes]) -> zstandard.ZstdCompressor:
    if shared:
        # With a checksum: other texts than these would be read without a word.
        return zstandard.ZstdCompressor(level=LEVEL, dict_data=_longer(CURRENT, shared), write_checksum=True)
    compressor = getattr(_local, "compressor", None)
    if compressor is None:
        compressor = _local.compressor = zstandard.ZstdCompressor(dict_data=dictionary(CURRENT))
    return compressor


def _decompressor(body: bytes, shared: Sequence[bytes]) -> zstandard.ZstdDecompressor:
    number = zstandard.get_frame_parameters(body).dict_id
    if shared:
        return zstandard.ZstdDecompressor(dict_data=_longer(number, shared))
    decompressors = _local.__dict__.setdefault("decompressors", {})
    decompressor = decompressors.get(number)
    if decompressor is None:
        decompressor = zstandard.ZstdDecompressor(dict_data=dictionary(number)) if number else zstandard.ZstdDecompressor()
        decompressors[number] = decompressor
    return decompressor


def _longer(number: int, shared: Sequence[bytes]) -> zstandard.ZstdCompressionDict:
    """A dictionary ends with its content, which may be of any length."""
    return zstandard.ZstdCompressionDict(BETWEEN.join((_content(number), *shared)), dict_type=zstandard.DICT_TYPE_FULLDICT)


@cache
def _content(number: int) -> bytes:
    return (DICTIONARIES / f"{number}.zdict").read_bytes()
