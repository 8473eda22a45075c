"""Request bodies: measured, decompressed with a cap, parsed."""

import json
import zlib
from collections.abc import Iterator
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest

from observatory.core.errors import ApiError

STEP = 64 * 1024
# A file that grew by appending has a few; a body of empty ones is an attack on the time of decompression.
MOST_MEMBERS = 1000
BEYOND = "number is infinity"  # as orjson says it
MOST_DIGITS = 4_000
WINDOW_BITS = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}


def read_body(request: HttpRequest) -> bytes:
    """Return the body, decompressed. Raises ApiError 411, 413, 415 or 400."""
    limit = settings.OBSERVATORY["OBSERVATORY_MAX_BODY_BYTES"]
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", ""):
        # A server that hides chunked bodies makes this look like an empty request: never "200, nothing in it".
        raise ApiError(
            "length_required", "This server cannot read a chunked body; run Observatory under uvicorn.", status=411
        )
    if length.isdigit() and int(length) > limit:
        raise too_large(limit)
    encoding = request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if encoding in {"", "identity"}:
        return request.body
    if encoding not in WINDOW_BITS:
        raise ApiError("unsupported_encoding", f"Content-Encoding {encoding[:40]!r}: send gzip or deflate.", status=415)
    return decompress(request.body, encoding, limit)


def too_large(limit: int) -> ApiError:
    return ApiError("too_large", f"The body has more than {limit} bytes, before or after decompression.", status=413)


def decompress(body: bytes, encoding: str, limit: int) -> bytes:
    """Return the decompressed body, never holding more than `limit` bytes of it.

    zlib copies what it has not read of its input, so it gets the body in small pieces: in time that is linear.
    """
    if not body:
        return b""
    try:
        return b"".join(_inflated(memoryview(body), _window_bits(body, encoding), limit))
    except zlib.error as error:
        raise ApiError("undecodable", f"The body is not valid {encoding}: {error}") from None


def _window_bits(body: bytes, encoding: str) -> int:
    if encoding == "deflate" and body[0] & 0x0F != 8:
        return -zlib.MAX_WBITS  # some clients send raw deflate under this name
    return WINDOW_BITS[encoding]


def _inflated(body: memoryview, bits: int, limit: int) -> Iterator[bytes]:
    inflater, members, size = zlib.decompressobj(bits), 1, 0
    for begin in range(0, len(body), STEP):
        rest: bytes | memoryview = body[begin : begin + STEP]
        part = b""
        # After a full part, more of the output may wait although all of the input was read.
        while rest or (len(part) == STEP and not inflater.eof):
            if inflater.eof:
                if bits <= zlib.MAX_WBITS:  # only gzip may have several members
                    return
                inflater, members = zlib.decompressobj(bits), members + 1
                if members > MOST_MEMBERS:
                    raise zlib.error(f"more than {MOST_MEMBERS} members")
            part = inflater.decompress(rest, STEP)
            size += len(part)
            if size > limit:
                raise too_large(limit)
            yield part
            rest = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    if not inflater.eof:
        raise zlib.error("the stream ends in the middle")


def parse_json(body: bytes) -> Any:
    """Return the JSON value of a body. Raises ApiError 400 (`undecodable`, `too_deep`)."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if b"\\ud" not in body.lower() and BEYOND not in str(error):
            raise _undecodable(error) from None
    # orjson refuses a lone surrogate, and a number that no double holds: a text that was cut in the middle of an emoji is no
    # reason to lose a record, and of such a number its field is told, not the whole list.
    try:
        return json.loads(body, parse_constant=_refuse_constant, parse_int=_whole)
    except RecursionError:
        raise ApiError("too_deep", "The body is nested too deep.") from None
    except ValueError as error:
        raise _undecodable(error) from None


def _refuse_constant(word: str) -> None:
    raise ValueError(f"{word} is not JSON")


def _whole(text: str) -> int | float:
    """As orjson reads it, or what is stored and hashed of a record would depend on its neighbours in a list."""
    number = int(text) if len(text) <= MOST_DIGITS else None
    return number if number is not None and -(2**63) <= number < 2**64 else float(text)


def _undecodable(error: ValueError) -> ApiError:
    return ApiError("undecodable", f"The body is not valid JSON: {str(error)[:200]}")
