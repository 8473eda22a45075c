"""Facts (Span, Event, native Interaction, Payload, SharedText), what is derived from them, and the price book."""

from interactions.models.archive import ArchiveFile, Erasure
from interactions.models.event import Event
from interactions.models.interaction import Interaction, InteractionQuerySet, Origin
from interactions.models.payload import Payload, SharedText, SharedTextUse
from interactions.models.pipeline import IngestOutcome, PricingGap, StaleTrace
from interactions.models.price import Price, RecentRate
from interactions.models.repricing import Repricing
from interactions.models.saved_view import SavedView
from interactions.models.span import Kind, Span
from interactions.models.trace_note import TraceNote
from interactions.models.user_day import UserDay

__all__ = [
    "ArchiveFile",
    "Erasure",
    "Event",
    "IngestOutcome",
    "Interaction",
    "InteractionQuerySet",
    "Kind",
    "Origin",
    "Payload",
    "Price",
    "PricingGap",
    "RecentRate",
    "Repricing",
    "SavedView",
    "SharedText",
    "SharedTextUse",
    "Span",
    "StaleTrace",
    "TraceNote",
    "UserDay",
]
