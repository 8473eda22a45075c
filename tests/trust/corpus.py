"""Hostile input, fixed. Values are JSON texts, since Python's own encoder would not write most of them."""

import gzip
import json
import zlib
from functools import cache

DEEP = 200_000


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


def objects(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


# Values that are JSON: alone in their field, beside good fields.
VALUES = {
    "null": "null",
    "true": "true",
    "zero": "0",
    "minus one": "-1",
    "fraction": "1.5",
    "int32 + 1": "2147483648",
    "int64 + 1": "9223372036854775808",
    "uint64 + 1": "18446744073709551616",
    "300 digits": "9" * 300,
    "largest double": "1.7976931348623157e308",
    "smallest double": "-1.7976931348623157e308",
    "denormal": "5e-324",
    "minus zero": "-0.0",
    "seconds of year 1": "-62135596800",
    "seconds of year 9999": "253402300799",
    "seconds of year 10000": "253402300800",
    "ms of year 9999": "253402300799999",
    "a long ago": "-1e15",
    "far away": "1e18",
    "empty text": '""',
    "space": '" "',
    "word": '"abc"',
    "digits": '"12"',
    "NUL": '"\\u0000"',
    "NUL inside": '"a\\u0000b"',
    "lone surrogate": '"\\ud800"',
    "surrogates swapped": '"x\\udfff\\ud800"',
    "surrogate half at the end": '"caf\\u00e9 \\ud83d"',
    "noncharacters": '"\\ufffe\\uffff\\ufeff"',
    "controls": '"\\u0001\\u001b[31m\\u007f\\u0085\\u2028"',
    "bidi": '"\\u202e\\u2066\\u200b"',
    "combining": json.dumps("Z" + "\u0335" * 100),
    "dotless": '"\\u0130\\u0131\\u00df\\u01c5"',
    "emoji": json.dumps("\U0001f4a5" * 20),
    "NaN as text": '"NaN"',
    "infinity as text": '"-Infinity"',
    "1e999 as text": '"1e999"',
    "hex": '"0x10"',
    "underscored": '"1_000"',
    "arabic digits": '"\\u0661\\u0662"',
    "5,000 digits as text": f'"{"7" * 5000}"',
    "decimal as text": '"0.000000000000000000001"',
    "year 1": '"0001-01-01T00:00:00Z"',
    "before year 1": '"0001-01-01T00:00:00+14:00"',
    "year 9999": '"9999-12-31T23:59:59.999999Z"',
    "after year 9999": '"9999-12-31T23:59:59.999999-14:00"',
    "year 10000": '"10000-01-01T00:00:00Z"',
    "no such day": '"2026-02-30T00:00:00Z"',
    "leap second": '"2026-06-30T23:59:60Z"',
    "date alone": '"2026-01-01"',
    "odd zone": '"2026-01-01T00:00:00+99:99"',
    "empty list": "[]",
    "empty object": "{}",
    "list of list": "[[]]",
    "list of null": "[null]",
    "mixed list": '[1,"a",null,{},[]]',
    "list of objects": "[{},{}]",
    "message without role": '[{"role":null,"content":null}]',
    "message in message": '[{"role":{},"content":{"a":[]}}]',
    "parts": '[{"role":"user","content":[null,1,{"type":null},{"type":{}},{"text":{}}]}]',
    "odd documents": '[{"score":"x","metadata":[]},null,7]',
    "tool calls": '[{"role":"assistant","tool_calls":[null,1,{"function":7},{"function":{"arguments":{}}}]}]',
    "hostile keys": '{"__class__":1,"__proto__":{"isAdmin":true},"constructor":{"a":{}},"a__b":2,"\'\\";--":3,"":4}',
    "NUL key": '{"\\u0000":1,"a\\u0000b":{"\\u0000":"\\u0000"}}',
    "surrogate key": '{"\\ud800":"\\udfff"}',
    "many keys": json.dumps({f"k{n}": n for n in range(1_100)}),
    "long key": json.dumps({"k" * 300: 1}),
    "30 deep": nested(30),
    "33 deep": nested(33),
    "objects 33 deep": objects(33),
    "250 deep": nested(250),
    "900 deep": nested(900),
    "objects 900 deep": objects(900),
    "surrogate in depth": objects(200).replace("1", '"\\ud800"'),
    "big number in depth": nested(200).replace("[]", "[" + "9" * 30 + "]"),
    "JSON in text": json.dumps('{"role":"user","content":[{"type":"text"}]}'),
    "broken JSON in text": '"{\\"a\\": [1, 2"',
    "deep JSON in text": json.dumps(nested(5_000)),
    "surrogate JSON in text": '"[\\"\\\\ud800\\"]"',
    "huge number in JSON in text": json.dumps("[" + "9" * 5000 + "]"),
    "NaN in JSON in text": '"[NaN, Infinity]"',
    "NUL in JSON in text": '"{\\"a\\": \\"\\\\u0000\\"}"',
    "markup": '"<script>alert(1)</script>"',
    "template": '"{{7*7}}{% raw %}${7*7}"',
    "SQL": '"\'; DROP TABLE interactions_span; --"',
    "path": '"../../../../etc/passwd"',
    "header": '"a\\r\\nSet-Cookie: x=y"',
    "format": '"%s%n{0.__class__}%(a)s"',
    "percent": '"%00%ff"',
    "backslashes": '"\\\\N\\\\.\\\\x00\\t\\n\\r"',
    "copy end": '"\\\\."',
    **{f"{size} characters": f'"{"x" * size}"' for size in (60, 61, 64, 65, 100, 101, 120, 121, 128, 129, 255, 256, 2_001)},
    **{f"{size} emojis": json.dumps("\U0001f4a5" * size) for size in (60, 64, 120, 128, 255)},
}

# Bodies that are no JSON, or not to be read as one.
NO_JSON = {
    "empty": b"",
    "space": b" \n",
    "word": b"hello",
    "NaN": b'{"query": NaN}',
    "infinity": b'{"query": -Infinity}',
    "trailing comma": b'{"query": "q",}',
    "two values": b'{"query":"q"}{"query":"q"}',
    "single quotes": b"{'query': 'q'}",
    "comment": b'{"query": "q" /* c */}',
    "cut": b'{"query": "q',
    "control": b'{"query": "a\x01b"}',
    "NUL byte": b'{"query": "a\x00b"}',
    "NULs": b"\x00" * 1000,
    "invalid UTF-8": b'{"query": "\xff\xfe"}',
    "overlong UTF-8": b'{"query": "\xc0\xaf"}',
    "surrogate in UTF-8": b'{"query": "\xed\xa0\x80"}',
    "UTF-16": '{"query": "q"}'.encode("utf-16"),
    "UTF-32": '{"query": "q"}'.encode("utf-32"),
    "latin-1": '{"query": "é"}'.encode("latin-1"),
    "HTML": b"<html></html>",
    "form": b"query=q&answer=a",
    "multipart": b'--x\r\nContent-Disposition: form-data; name="query"\r\n\r\nq\r\n--x--',
    "deep list": nested(DEEP).encode(),
    "deep object": objects(DEEP).encode(),
    "deep and open": b"[" * DEEP,
    "deep with a surrogate": nested(DEEP).replace("[]", '["\\ud800"]').encode(),
    "half deep with a surrogate": nested(960).replace("[]", '["\\ud800"]').encode(),
    "5,000 digits": b'{"query": ' + b"9" * 5000 + b"}",
    "5,000 digits and a surrogate": b'{"answer": "\\ud800", "query": ' + b"9" * 5000 + b"}",
    "double overflow": b'{"query": 1e400}',
    "exponent": b'{"query": 1e' + b"9" * 400 + b"}",
    "digits without end": b"1" * 1_000_000,
    "quotes": b'"' * 100_001,
    "backslashes": b'{"query": "' + b"\\" * 100_001 + b'"}',
    "lone escape": b'{"query": "\\ud800\\u"}',
    "pickle": b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x07builtins\x94.",
    "BOM": b'\xef\xbb\xbf{"query": "q"}',
}


@cache
def whole() -> dict[str, bytes]:
    """Bodies that are JSON, of a shape that no endpoint wants as a whole."""
    return {
        "null": b"null",
        "true": b"true",
        "number": b"7",
        "text": b'"query"',
        "empty object": b"{}",
        "empty list": b"[]",
        "list of nulls": b"[null, null]",
        "list of lists": b"[[], [[]]]",
        "mixed list": b'[{"query": "good"}, 7, null, "x", [], {}]',
        "too many": b"[" + b",".join([b"{}"] * 1_001) + b"]",
        "duplicate keys": b'{"query": "a", "query": "b", "type": "t", "type": 7, "name": "n"}',
        "a million keys": b"{" + ",".join([f'"k{n}":{n}' for n in range(1_000_000)]).encode() + b"}",
        "deep within limits of the parser": nested(1_000).encode(),
        "hostile keys": (
            b'{"__class__": 1, "__proto__": {"a": 1}, "a__b": 2, "": 3, "project_id": 1, "pk": 1, "id__in": [1]}'
        ),
        "empty key": b'{"": "x"}',
        "NUL key": b'{"\\u0000": "x"}',
        "surrogate key": b'{"\\ud800": "x"}',
    }


@cache
def bomb() -> bytes:
    """306 kB of gzip that are 300 MiB of spaces."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    block = b" " * (1 << 20)
    return b"".join([packer.compress(block) for _ in range(300)]) + packer.flush()


@cache
def compressed() -> dict[str, tuple[bytes, str]]:
    """`name: (body, Content-Encoding)`, none of which may be stored."""
    good = b'{"query": "compressed"}'
    packed = gzip.compress(good)
    return {
        "bomb": (bomb(), "gzip"),
        "bomb of many members": (gzip.compress(b" " * (1 << 20)) * 300, "gzip"),
        "deflate bomb": (zlib.compress(b" " * (64 << 20), 9), "deflate"),
        "nested gzip": (gzip.compress(packed), "gzip"),
        "nested bomb": (gzip.compress(bomb()), "gzip"),
        "truncated gzip": (packed[:-9], "gzip"),
        "gzip header only": (packed[:10], "gzip"),
        "bad checksum": (packed[:-8] + b"\x00" * 8, "gzip"),
        "plain called gzip": (good, "gzip"),
        "plain called deflate": (good, "deflate"),
        "gzip called deflate": (packed, "deflate"),
        "gzip called nothing": (packed, "identity"),
        "garbage behind gzip": (packed + b"garbage", "gzip"),
        "brotli": (good, "br"),
        "zstd": (good, "zstd"),
        "two encodings": (gzip.compress(packed), "gzip, gzip"),
        "unknown encoding": (good, "x" * 3000),
        "empty gzip": (b"", "gzip"),
    }


# The most telling values, for places that take one request each.
ODD = (
    "null",
    "true",
    "minus one",
    "uint64 + 1",
    "300 digits",
    "largest double",
    "far away",
    "empty text",
    "NUL inside",
    "lone surrogate",
    "controls",
    "NaN as text",
    "5,000 digits as text",
    "year 1",
    "after year 9999",
    "year 10000",
    "list of null",
    "mixed list",
    "odd documents",
    "hostile keys",
    "NUL key",
    "surrogate key",
    "33 deep",
    "900 deep",
    "big number in depth",
    "256 characters",
    "deep JSON in text",
    "huge number in JSON in text",
    "copy end",
)
