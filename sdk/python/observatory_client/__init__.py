"""Sends interactions, traces and events of an LLM application to Observatory, without slowing or breaking it."""

from observatory_client.client import Client
from observatory_client.default import (
    configure,
    event,
    feedback,
    flush,
    get_client,
    interaction,
    signal,
    trace,
    trace_stage,
    track_llm,
)
from observatory_client.stage import Stage, current_stage
from observatory_client.usage import read_usage

__all__ = [
    "Client",
    "Stage",
    "configure",
    "current_stage",
    "event",
    "feedback",
    "flush",
    "get_client",
    "interaction",
    "read_usage",
    "signal",
    "trace",
    "trace_stage",
    "track_llm",
]
