"""Long texts as one zstd value with a trained dictionary.

The frame names its dictionary by id, so old payloads stay readable when a new dictionary is added to `dictionaries/`
(one file an id, never changed once released). The dictionary is trained by `benchmarks/train_dictionary.py`.
"""

import threading
from functools import cache
from pathlib import Path
from typing import Any

import orjson
import zstandard

DICTIONARIES = Path(__file__).parent / "dictionaries"
CURRENT = 1
LEVEL = 3
MAX_UNPACKED_BYTES = 256 * 1024 * 1024
_local = threading.local()  # a zstd context serves one thread at a time


@cache
def dictionary(number: int) -> zstandard.ZstdCompressionDict:
    found = zstandard.ZstdCompressionDict((DICTIONARIES / f"{number}.zdict").read_bytes())
    if number == CURRENT:
        found.precompute_compress(level=LEVEL)
    return found


def pack(content: Any) -> bytes:
    """Return the stored form of plain JSON values."""
    compressor = getattr(_local, "compressor", None)
    if compressor is None:
        compressor = _local.compressor = zstandard.ZstdCompressor(dict_data=dictionary(CURRENT))
    return compressor.compress(orjson.dumps(content))


def unpack(body: bytes | memoryview) -> Any:
    """Return what `pack` was given."""
    body = bytes(body)
    number = zstandard.get_frame_parameters(body).dict_id
    decompressors = _local.__dict__.setdefault("decompressors", {})
    decompressor = decompressors.get(number)
    if decompressor is None:
        decompressor = zstandard.ZstdDecompressor(dict_data=dictionary(number)) if number else zstandard.ZstdDecompressor()
        decompressors[number] = decompressor
    return orjson.loads(decompressor.decompress(body, max_output_size=MAX_UNPACKED_BYTES))
