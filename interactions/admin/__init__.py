"""The screen of the interactions: one file a page."""

from interactions.admin.erasures import ArchiveFileAdmin, ErasureAdmin
from interactions.admin.health import IngestOutcomeAdmin
from interactions.admin.interactions import InteractionAdmin
from interactions.admin.prices import PriceAdmin

__all__ = ["ArchiveFileAdmin", "ErasureAdmin", "IngestOutcomeAdmin", "InteractionAdmin", "PriceAdmin"]
