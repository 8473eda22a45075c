"""One client for the whole process: made by `configure`, or from the environment when it is first needed."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from observatory_client.client import Client
from observatory_client.llm import LlmCall, Tokens
from observatory_client.stage import Stage

_lock = threading.Lock()
_client: Client | None = None


def configure(endpoint: str | None = None, key: str | None = None, **options: Any) -> Client:
    """Make the client of this process; options as `Client` has them."""
    global _client
    with _lock:
        before, _client = _client, Client(endpoint, key, **options)
    if before is not None:
        before.close()
    return _client


def get_client() -> Client:
    global _client
    if _client is None:
        with _lock:
            if _client is None:
                _client = Client()
    return _client


def interaction(query: str | None = None, answer: str | None = None, **fields: Any) -> str:
    return get_client().interaction(query, answer, **fields)


def event(type: str, data: Mapping[str, Any] | None = None, **fields: Any) -> str:
    return get_client().event(type, data, **fields)


def feedback(interaction_id: str | uuid.UUID | None = None, **fields: Any) -> None:
    get_client().feedback(interaction_id, **fields)


def signal(kind: str, interaction_id: str | uuid.UUID | None = None, **fields: Any) -> None:
    get_client().signal(kind, interaction_id, **fields)


def trace(name: str = "request", **fields: Any) -> Stage:
    return get_client().trace(name, **fields)


def trace_stage(trace_id: str | None, name: str, data: Mapping[str, Any] | None = None, **fields: Any) -> Stage:
    return get_client().trace_stage(trace_id, name, data, **fields)


def track_llm(
    *,
    model: str | None = None,
    prompt_type: str = "llm",
    provider: str | None = None,
    tokens: Tokens | None = None,
    capture: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`Client.track_llm` of the client that `configure` makes, also if that is called later."""
    return LlmCall(get_client, model, prompt_type, provider, tokens, capture).decorate


def flush(timeout_s: float = 5.0) -> bool:
    return get_client().flush(timeout_s)
