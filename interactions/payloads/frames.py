"""Long texts in blocks: a zstd value with a trained dictionary that holds the texts of traces that arrived together.

Traces of one application repeat each other's prompts, passages and words, so a block takes a third less than its traces
one by one, and half on SQLite, whose pages a single trace leaves half empty. The frame names its dictionary by id, so old
payloads stay readable when a new dictionary is added to `dictionaries/` (one file an id, never changed once released).
The dictionary is trained by `benchmarks/train_dictionary.py`.

Texts that other blocks have too are not in the frame: they are its dictionary, with the end of the trained one before
them. So they cost little wherever in the block they stand, also within a prompt.
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
SHARING_BYTES = 1024 * 1024  # with as much of shared texts before it, the window of level 3
# Of the trained dictionary, beside shared texts: its last content, which is of most use. To load all of it for each block
# takes longer than to compress a small one.
TRAINED_BYTES = 8 * 1024
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
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
    """Yield plain JSON values in blocks; `shared` are texts in the value of a key that other blocks have too.

    A value beyond SHARING_BYTES shares nothing: what lies further back than the window of zstd would gain nothing.
    """
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
        if len(part) <= SHARING_BYTES:
            texts |= dict.fromkeys(shared.get(key, ()))
    if parts:
        yield _closed(block, parts, texts)


def as_json(contents: Mapping[str, Any]) -> bytes:
    """Return values as a block holds them."""
    return orjson.dumps(contents)


def pack_again(raw: bytes, shared: Sequence[bytes]) -> bytes:
    """Return the body of a block of `as_json` that is read with `shared`."""
    return _compressor(shared).compress(raw)


def unpack(body: bytes | memoryview, shared: Sequence[bytes] = (), number: int = CURRENT) -> dict[str, Any]:
    """Return the values of a block by their keys; `number` is that of the dictionary beside shared texts."""
    return orjson.loads(_decompressed(bytes(body), shared, number))


def as_shared(text: str) -> bytes:
    """Return a text as it stands in a block, between its quotes."""
    return orjson.dumps(text)[1:-1]


def pack_shared(text: bytes) -> bytes:
    """Return the stored form of a shared text."""
    return _compressor(()).compress(text)


def unpack_shared(body: bytes | memoryview) -> bytes:
    return _decompressed(bytes(body))


def _closed(block: Block, parts: Sequence[bytes], texts: Iterable[str]) -> Block:
    block.shared = [as_shared(text) for text in texts]
    block.body = pack_again(b"{" + b",".join(parts) + b"}", block.shared)
    return block


def _compressor(shared: Sequence[bytes]) -> zstandard.ZstdCompressor:
    if shared:
        # With a checksum: other texts than these would be read without a word.
        return zstandard.ZstdCompressor(level=LEVEL, dict_data=_made_of(CURRENT, shared), write_checksum=True)
    compressor = getattr(_local, "compressor", None)
    if compressor is None:
        compressor = _local.compressor = zstandard.ZstdCompressor(dict_data=dictionary(CURRENT))
    return compressor


def _decompressed(body: bytes, shared: Sequence[bytes] = (), number: int = CURRENT) -> bytes:
    if shared:
        decompressor = zstandard.ZstdDecompressor(dict_data=_made_of(number, shared))
    else:
        decompressor = _decompressor(zstandard.get_frame_parameters(body).dict_id)
    return decompressor.decompress(body, max_output_size=MAX_UNPACKED_BYTES)


def _decompressor(number: int) -> zstandard.ZstdDecompressor:
    decompressors = _local.__dict__.setdefault("decompressors", {})
    decompressor = decompressors.get(number)
    if decompressor is None:
        decompressor = zstandard.ZstdDecompressor(dict_data=dictionary(number)) if number else zstandard.ZstdDecompressor()
        decompressors[number] = decompressor
    return decompressor


def _made_of(number: int, shared: Sequence[bytes]) -> zstandard.ZstdCompressionDict:
    content = b"".join((_content(number)[-TRAINED_BYTES:], *shared))
    return zstandard.ZstdCompressionDict(content, dict_type=zstandard.DICT_TYPE_RAWCONTENT)


@cache
def _content(number: int) -> bytes:
    return (DICTIONARIES / f"{number}.zdict").read_bytes()
