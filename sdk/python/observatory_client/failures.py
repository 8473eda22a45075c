"""Exceptions as the API has them."""

from __future__ import annotations

from typing import Any

MAX_MESSAGE_CHARS = 4_000


def as_error(error: Any) -> Any:
    """Return `{type, message}` of an exception; anything else as it is."""
    if not isinstance(error, BaseException):
        return error
    try:
        message = str(error)
    except Exception as broken:  # noqa: BLE001  (an exception of the application that cannot even be printed)
        message = f"its text cannot be had: {type(broken).__name__}"
    return {"type": type(error).__name__[:120], "message": message[:MAX_MESSAGE_CHARS]}
