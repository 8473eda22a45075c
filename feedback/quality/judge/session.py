"""One client of a judge for one event loop: few calls at once, each held to a time, repeated where that helps."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import httpcore2

from feedback.quality.judge.budget import Budget
from feedback.quality.judge.connection import pool
from feedback.quality.judge.endpoint import Endpoint
from feedback.quality.judge.failures import Busy, Invalid, Refused
from feedback.quality.judge.meter import Meter
from feedback.quality.judge.wire import Message, Reply, body_of, error_of, headers_of, read_reply, retry_after

ATTEMPTS = 3
FIRST_WAIT_S = 1.0
# What asks for more patience than this is left for a later run.
LONGEST_WAIT_S = 30.0
MAX_REPLY_BYTES = 2_000_000


class Session:
    """Asks. Made by `opened`, and used within its loop only."""

    def __init__(self, endpoint: Endpoint, budget: Budget, client: httpcore2.AsyncConnectionPool) -> None:
        self.endpoint = endpoint
        self._budget = budget
        self._client = client
        self._turn = asyncio.Semaphore(endpoint.max_concurrent)
        self._as_json = True

    async def ask(self, messages: Sequence[Message], meter: Meter, *, attempts: int | None = None) -> Reply:
        """What the model says. Raises a JudgeError. Every call, also a failed one, counts in `meter` and the budget."""
        most = attempts or ATTEMPTS
        for attempt in range(most):
            try:
                async with self._turn:
                    return await self._call(messages, meter)
            except Busy as busy:
                wait = _wait(attempt, busy.retry_at)
                if attempt == most - 1 or wait > LONGEST_WAIT_S:
                    raise
            await asyncio.sleep(wait)
        raise AssertionError("unreachable")

    async def _call(self, messages: Sequence[Message], meter: Meter) -> Reply:
        self._budget.take()
        meter.calls += 1
        as_json = self._as_json
        try:
            status, headers, content = await asyncio.wait_for(self._exchange(messages, as_json), self.endpoint.timeout_s)
        except TimeoutError:
            raise Busy(f"No answer within {self.endpoint.timeout_s:g} s") from None
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as error:
            raise Busy(f"The connection broke ({type(error).__name__})") from error
        except httpcore2.UnsupportedProtocol as error:
            raise Refused("The address is not one of HTTP") from error
        if status == 400 and as_json and b"response_format" in content:
            # Known to this endpoint from now on: asked in plain words, which every prompt does as well.
            self._as_json = False
            return await self._call(messages, meter)
        if status != 200:
            raise error_of(self.endpoint, status, content, retry_after(headers, datetime.now(UTC)))
        return self._paid(read_reply(content), meter)

    async def _exchange(self, messages: Sequence[Message], as_json: bool) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        content = b""
        async with self._client.stream(
            "POST",
            self.endpoint.url,
            headers=headers_of(self.endpoint),
            content=body_of(self.endpoint, messages, as_json=as_json),
        ) as response:
            async for part in response.aiter_stream():
                content += part
                if len(content) > MAX_REPLY_BYTES:
                    raise Invalid(f"invalid: an answer of more than {MAX_REPLY_BYTES:,} bytes")
            return response.status, response.headers, content

    def _paid(self, reply: Reply, meter: Meter) -> Reply:
        cost = self.endpoint.cost_of(reply.input_tokens, reply.output_tokens)
        meter.add(reply.input_tokens, reply.output_tokens, cost)
        self._budget.spend(reply.input_tokens, reply.output_tokens, cost)
        return reply


def _wait(attempt: int, retry_at: datetime | None) -> float:
    """Seconds until the next attempt: what the endpoint asks for, else twice as long each time, spread by chance."""
    if retry_at is not None:
        return max(0.0, (retry_at - datetime.now(UTC)).total_seconds())
    return FIRST_WAIT_S * 2**attempt * (1 + random.random() / 2)  # noqa: S311 to spread, not to hide


@asynccontextmanager
async def opened(endpoint: Endpoint, budget: Budget) -> AsyncIterator[Session]:
    """A session that ends with its loop."""
    most = endpoint.max_concurrent
    async with pool(may_be_private=endpoint.may_be_private, is_plain=endpoint.is_plain, most=most) as client:
        yield Session(endpoint, budget, client)
