"""The metrics of interactions, spans, events and of the pipeline, declared. Django loads this module at the start."""

from interactions.metrics import browser, events, interactions, pipeline, spans

__all__ = ["browser", "events", "interactions", "pipeline", "spans"]
