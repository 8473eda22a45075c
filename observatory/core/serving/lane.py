"""A lane for small requests that come often: those that wait at one moment are answered together, by one thread.

In the pool each of them wakes a thread of its own, the threads contend for the interpreter, and each passes every
middleware. A lane answers what it knows to be plain and good, and leaves whatever else to the pool and its views.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections

from observatory.core.serving.environ import Environ
from observatory.core.serving.reply import Header, Reply

MOST_TOGETHER = 64
# How long those that wait hold still for others that are about to come.
GATHER_S = 0.002
# A larger one would keep its neighbours waiting.
MOST_BODY_BYTES = 64 * 1024
logger = logging.getLogger("observatory.serving")

Answer = tuple[int, bytes]  # status and content
# Takes requests of one moment, in the lane's thread; returns an answer for each, or None where a view shall answer.
AnswerTogether = Callable[[Sequence[Environ]], Sequence[Answer | None]]


class Lane:
    """POST requests to some paths, without cookies: what a view says of these is for one client alone.

    The headers of its answers are those of the last 201 that a view gave at that path, through all middlewares. So the
    first request of a process goes to the view.
    """

    def __init__(self, paths: Collection[str], answer: AnswerTogether):
        self.paths, self.answer = frozenset(paths), answer
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="lane")
        self.waiting: list[tuple[Environ, asyncio.Future[Answer | None]]] = []
        self.running: asyncio.Task[None] | None = None
        self.expected, self.is_complete = 1, asyncio.Event()
        self.headers: dict[str, list[Header]] = {}

    def may_take(self, environ: Environ) -> bool:
        return (
            environ["PATH_INFO"] in self.paths
            and environ["REQUEST_METHOD"] == "POST"
            and int(environ["CONTENT_LENGTH"]) <= MOST_BODY_BYTES
            and "HTTP_COOKIE" not in environ
        )

    async def reply(self, environ: Environ) -> Reply | None:
        """Return the answer, or None if a view shall answer."""
        headers = self.headers.get(environ["PATH_INFO"])
        if headers is None:
            return None
        answered: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self.waiting.append((environ, answered))
        if len(self.waiting) >= self.expected:
            self.is_complete.set()
        if self.running is None:
            self.running = asyncio.create_task(self._run())
        answer = await answered
        if answer is None:
            return None
        status, content = answer
        length = (b"content-length", str(len(content)).encode())
        return Reply({"type": "http.response.start", "status": status, "headers": [*headers, length]}, content)

    def learn(self, environ: Environ, reply: Reply) -> None:
        """See the headers of what a view answered."""
        if reply.start["status"] == 201:
            found = [header for header in reply.start["headers"] if header[0] != b"content-length"]
            self.headers[environ["PATH_INFO"]] = found

    def end(self) -> None:
        self.thread.shutdown(wait=False, cancel_futures=True)

    async def _run(self) -> None:
        try:
            while self.waiting:
                await self._gather()
                taken, self.waiting = self.waiting[:MOST_TOGETHER], self.waiting[MOST_TOGETHER:]
                answers = await self._answers([environ for environ, _ in taken])
                for (_, answered), answer in zip(taken, answers, strict=True):
                    if not answered.done():
                        answered.set_result(answer)
                self.expected = min(len(taken) + len(self.waiting), MOST_TOGETHER)
        finally:
            self.running = None

    async def _gather(self) -> None:
        """Wait for as many as were here at the last moment: clients send their next request as soon as they are answered.

        Without it, the first of eight to come back would be answered alone, and the other seven after it.
        """
        if len(self.waiting) >= self.expected:
            return
        self.is_complete.clear()
        try:
            async with asyncio.timeout(GATHER_S):
                await self.is_complete.wait()
        except TimeoutError:
            return  # some have nothing more to send

    async def _answers(self, environs: list[Environ]) -> Sequence[Answer | None]:
        try:
            answers = await asyncio.get_running_loop().run_in_executor(self.thread, self._call, environs)
            if len(answers) != len(environs):
                raise ValueError(f"{len(answers)} answers to {len(environs)} requests")
            return answers
        except Exception:  # (the views see the same requests, and answer for the fault)
            logger.exception("A lane failed; views answer its requests.")
            return [None] * len(environs)

    def _call(self, environs: list[Environ]) -> Sequence[Answer | None]:
        """Runs in the lane's thread."""
        close_old_connections()  # as Django does before each request
        return self.answer(environs)
