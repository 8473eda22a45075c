"""An ASGI scope and a body that was read whole, as the environ of PEP 3333."""

import sys
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

Scope = dict[str, Any]
Environ = dict[str, Any]


def environ_of(scope: Scope, body: bytes) -> Environ:
    """Return the WSGI environ. Text in it is bytes read as latin-1, as PEP 3333 wants."""
    prefix = scope.get("root_path", "").rstrip("/")
    server_name, server_port = scope.get("server") or ("localhost", None)
    return {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": prefix.encode().decode("latin-1"),
        "PATH_INFO": _path_of(scope).removeprefix(prefix),
        "QUERY_STRING": scope.get("query_string", b"").decode("latin-1"),
        "SERVER_NAME": server_name,
        "SERVER_PORT": str(server_port or 80),
        "SERVER_PROTOCOL": f"HTTP/{scope.get('http_version', '1.1')}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **_headers_of(scope),
        # What was read, not what was declared: a chunked body has no length of its own.
        "CONTENT_LENGTH": str(len(body)),
    }


def _path_of(scope: Scope) -> str:
    raw = scope.get("raw_path")
    # `path` was decoded as UTF-8 with replacement; only the raw path still has the bytes that the client sent.
    path = unquote_to_bytes(raw.partition(b"?")[0]) if raw else scope["path"].encode()
    return path.decode("latin-1")


def _headers_of(scope: Scope) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1")
        # `X_Forwarded_Proto` and `X-Forwarded-Proto` would become the same key: a proxy guards only the latter.
        if "_" in name or name == "transfer-encoding":
            continue
        key = "CONTENT_TYPE" if name == "content-type" else "HTTP_" + name.upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        if key in headers:
            value = f"{headers[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}"
        headers[key] = value
    headers.pop("HTTP_CONTENT_LENGTH", None)
    return headers
