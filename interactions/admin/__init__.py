"""The screen of the interactions: one file a page."""

from interactions.admin.health import IngestOutcomeAdmin
from interactions.admin.interactions import InteractionAdmin
from interactions.admin.prices import PriceAdmin

__all__ = ["IngestOutcomeAdmin", "InteractionAdmin", "PriceAdmin"]
