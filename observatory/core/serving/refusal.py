"""Answers given in the event loop, before any view: too large, too slow, too many."""

import asyncio
import json
import logging

from observatory.core.serving.body import BodyRefused, Receive, Send

logger = logging.getLogger("observatory.serving")

# After a refusal the rest of the body is read and thrown away for so long: a close in the middle of sending would
# reach most clients as "connection reset" instead of our answer.
LINGER_S = 2.0


async def refuse(refusal: BodyRefused, receive: Receive, send: Send) -> None:
    """Answer in the API's error shape and end the connection."""
    content = json.dumps({"error": {"code": refusal.code, "reason": refusal.reason}}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"connection", b"close"),
    ]
    if refusal.retry_after_s is not None:
        headers.append((b"retry-after", str(refusal.retry_after_s).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": content, "more_body": True})
    if refusal.more_comes:
        await _drain(receive)
    await send({"type": "http.response.body", "body": b""})


async def _drain(receive: Receive) -> None:
    try:
        async with asyncio.timeout(LINGER_S):
            while (message := await receive())["type"] != "http.disconnect" and message.get("more_body", False):
                continue
    except TimeoutError:
        logger.info("A client went on sending after its request was refused.")
