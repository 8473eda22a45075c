"""The screen of the interactions: one file a page."""

from interactions.admin.erasures import ArchiveFileAdmin, ErasureAdmin
from interactions.admin.health import IngestOutcomeAdmin
from interactions.admin.interactions import InteractionAdmin
from interactions.admin.prices import PriceAdmin
from interactions.admin.repricings import RepricingAdmin

__all__ = ["ArchiveFileAdmin", "ErasureAdmin", "IngestOutcomeAdmin", "InteractionAdmin", "PriceAdmin", "RepricingAdmin"]
