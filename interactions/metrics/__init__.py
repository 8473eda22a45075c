"""The metrics of interactions, spans, events and of the pipeline, declared. Django loads this module at the start."""

from interactions.metrics import answers, browser, events, http, interactions, live, pipeline, segments, spans, system

__all__ = ["answers", "browser", "events", "http", "interactions", "live", "pipeline", "segments", "spans", "system"]
