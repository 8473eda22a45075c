"""Decorates functions that call a model: response time, tokens, errors (T3), as one span each.

The span is named by the prompt's type; that of a call that raised, by `<prompt type>_error`. Tokens come from what the
function returns, if that tells them, or from `tokens=`. Generators are timed until their end, and until the first part.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Union

from observatory_client.stage import Stage
from observatory_client.usage import read_usage

if TYPE_CHECKING:
    from observatory_client.client import Client

# From what the function returned: (input, output), or a dict of input_tokens, output_tokens, cached_tokens, ...
Tokens = Callable[[Any], Union[tuple[int, int], Mapping[str, int]]]


@dataclass(frozen=True)
class LlmCall:
    """What is known of the calls before they happen. `capture`: keep arguments and answers too."""

    client: Callable[[], Client]
    model: str | None
    prompt_type: str
    provider: str | None
    tokens: Tokens | None
    capture: bool

    def decorate(self, function: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.isasyncgenfunction(function):
            return self._async_generator(function)
        if inspect.iscoroutinefunction(function):
            return self._coroutine(function)
        if inspect.isgeneratorfunction(function):
            return self._generator(function)

        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            with self._stage(args, kwargs) as stage:
                answer = function(*args, **kwargs)
                self._read(stage, answer)
                return answer

        return call

    def _coroutine(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        async def call(*args: Any, **kwargs: Any) -> Any:
            with self._stage(args, kwargs) as stage:
                answer = await function(*args, **kwargs)
                self._read(stage, answer)
                return answer

        return call

    def _generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Iterator[Any]:
            with self._stage(args, kwargs) as stage:
                parts = Parts()
                for part in function(*args, **kwargs):
                    stage.first_token()
                    parts.add(part)
                    yield part
                self._read(stage, parts.answer)

        return call

    def _async_generator(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        async def call(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            with self._stage(args, kwargs) as stage:
                parts = Parts()
                async for part in function(*args, **kwargs):
                    stage.first_token()
                    parts.add(part)
                    yield part
                self._read(stage, parts.answer)

        return call

    @contextmanager
    def _stage(self, args: Any, kwargs: Any) -> Iterator[Stage]:
        stage = self.client().stage(self.prompt_type, kind="llm", model=self.model, provider=self.provider)
        stage.set(prompt_name=self.prompt_type, prompt_type=self.prompt_type)
        if self.capture:
            stage.set(input={"args": args, **kwargs})
        with stage:
            try:
                yield stage
            except GeneratorExit:
                raise
            except BaseException:
                stage.name = f"{self.prompt_type}_error"
                stage.set(prompt_type=stage.name)
                raise

    def _read(self, stage: Stage, answer: Any) -> None:
        try:
            stage.take_usage(answer)
            if self.capture:
                stage.set(output=answer)
            if self.tokens is not None:
                counted = self.tokens(answer)
                stage.take(counted) if isinstance(counted, Mapping) else stage.tokens(*counted)
        except Exception as error:  # noqa: BLE001  (monitoring never breaks the application)
            self.client().say("tokens", "The tokens of %s cannot be read: %r", self.prompt_type, error)


class Parts:
    """The parts of an answer that is streamed; `answer` is the one that tells tokens, else the last one."""

    def __init__(self) -> None:
        self.answer: Any = None
        self._is_told = False

    def add(self, part: Any) -> None:
        tells = bool(read_usage(part))
        if tells or not self._is_told:
            self.answer, self._is_told = part, tells
